"""Measures a real server against floors of the same machine: ``make bench``."""
