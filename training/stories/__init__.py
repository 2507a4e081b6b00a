"""Makes what the index of stories ships with."""
