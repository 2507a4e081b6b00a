"""Article texts cut into what a template shows: mentions, quotations, changes. Pure."""
