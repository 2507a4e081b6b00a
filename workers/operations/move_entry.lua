-- Put an entry of another shard's stream on this shard's, once: running it twice adds nothing.
-- KEYS: stream, moved
-- ARGV: where the entry comes from, then field, value, … of it
-- Returns: 1 where it was added, 0 where it had been
if redis.call('SADD', KEYS[2], ARGV[1]) == 0 then
  return 0
end
redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
return 1
