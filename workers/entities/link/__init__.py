"""From groups to entities of the world: listed names, their ids, countries of adjectives."""
