-- Put an entry of another shard's stream on this shard's, once: running it twice adds nothing.
-- KEYS: stream, moved
-- ARGV: where the entry comes from, then field, value, … of it
-- Returns: 1 where it was added, 0 where it had been
local failed = wrong_type('stream', {KEYS[1]}) or wrong_type('set', {KEYS[2]})
if failed then
  return failed
end
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then
  return 0
end
local _, full = append_all(KEYS[1], {{unpack(ARGV, 2)}})
if full then
  return full
end
redis.call('SADD', KEYS[2], ARGV[1])
return 1
