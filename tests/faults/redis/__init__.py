"""A Redis that is away, full, replaced or spread over shards."""
