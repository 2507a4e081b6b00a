"""A loopback web of feeds, with which the wire is watched, tested and measured offline."""
