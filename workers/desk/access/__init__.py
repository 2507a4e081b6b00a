"""Who may look at the desk and who may change things: rights, sessions, hosts, forged requests."""
