"""Language models: one file a vendor, loaded when the first agent asks for it."""
