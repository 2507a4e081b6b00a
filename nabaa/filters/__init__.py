"""Which articles a subscription wants: the filter, its words, and the list in Redis."""
