"""When a feed is asked next, and at which address: pure decisions."""
