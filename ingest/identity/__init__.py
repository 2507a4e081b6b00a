"""When two items are the same article."""
