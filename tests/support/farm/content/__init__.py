"""What the farm shows: outlets, articles, and the documents that they stand in."""
