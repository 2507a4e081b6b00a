"""The connection to Redis or Valkey: one server, Sentinel or a cluster behind one client."""
