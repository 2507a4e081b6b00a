"""What a hostile feed, site or network tries."""
