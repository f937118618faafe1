"""What a project may use outside: named credentials for requests."""
