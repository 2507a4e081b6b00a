"""Who said what: quotations of an article and the entities that spoke them."""
