"""What a document says that the feed had not said before."""
