"""Parts of a wire that run in the process of a test."""
