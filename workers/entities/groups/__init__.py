"""One group for each entity of an article: all that the article calls it."""
