"""Feeds of a site, found from its address."""
