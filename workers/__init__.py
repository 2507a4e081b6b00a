"""From a raw entry to a published article, and the subscriber's client."""
