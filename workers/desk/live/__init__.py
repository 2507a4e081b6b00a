"""What moves on open pages: one reader of the wire, and a broadcast of what it brings."""
