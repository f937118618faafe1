"""The MCP servers registered for a project, with the tools they were last seen to have."""
