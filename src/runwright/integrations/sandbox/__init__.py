"""Runs code of users in processes of their own, without network, files or environment."""
