"""Feed documents as publishers write them, one oddity each."""
