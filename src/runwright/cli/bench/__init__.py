"""Runs workflow files without a server: their tests, and comparisons of versions and models."""
