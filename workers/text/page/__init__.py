"""One article page to its text and its own metadata, each with the place where it stood."""
