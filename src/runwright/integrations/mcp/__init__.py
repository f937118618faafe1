"""Speaks with MCP servers: asks which tools they have, and calls them."""
