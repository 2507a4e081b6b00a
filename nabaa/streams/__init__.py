"""Keys, shards and messages of the Redis streams, for writers and readers alike."""
