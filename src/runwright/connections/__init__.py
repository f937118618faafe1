"""What a project may use outside: named credentials for requests, and MCP servers with their tools."""
