"""Serves the web app: its one page for every address of it, and the built files the page asks for."""
