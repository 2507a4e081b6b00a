"""Feeds, hosts and networks that fail."""
