"""What an operator looks at and does: status, metrics, dead letters, shards."""
