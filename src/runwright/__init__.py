"""Runwright: a self-hosted platform for AI workflows."""

__version__ = "0.1.0"
