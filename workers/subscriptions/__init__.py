"""Named subscriptions: what subscribers want of the wire, matched by the workers at the source."""
