"""The fast reader: finds the items of a document without feedparser."""
