"""A publisher with its hub on loopback, and a service that subscribes to it."""
