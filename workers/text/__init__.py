"""From the HTML of an entry to clean text, its language and its words."""
