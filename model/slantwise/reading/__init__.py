"""How files become rows: bytes, lines, formats and folders, one subject a module."""
