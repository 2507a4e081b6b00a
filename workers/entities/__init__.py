"""From sentences to entities: names recognised, linked and grouped."""
