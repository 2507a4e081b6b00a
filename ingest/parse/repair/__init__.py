"""Mistakes of documents and texts that are put right where it is certain how."""
