"""From the spans of a recogniser to bare names: particles and titles come off, roles stay."""
