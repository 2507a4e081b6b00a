"""From sentences to entities: names are recognised, extracted, grouped and linked."""
