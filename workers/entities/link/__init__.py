"""From the spans of a recogniser to entities: bare mentions, groups, ids that hold everywhere."""
