-- Let the entries go to the workers that have waited for a page for long enough. It is still fetched,
-- and sent after them when it comes.
-- KEYS: page waits, the entries of the page, entries
-- ARGV: name of the page
-- Returns: how many entries went to the workers
local failed = wrong_type('zset', {KEYS[1]}) or wrong_type('hash', {KEYS[2]})
if failed then
  return failed
end
local held = redis.call('HMGET', KEYS[2], 'entries', 'released')
local sent = {}
for i = tonumber(held[2] or 0) + 1, tonumber(held[1] or 0) do
  sent[#sent + 1] = {'data', redis.call('HGET', KEYS[2], i)}
end
local _, full = append_all(KEYS[3], sent)
if full then
  return full
end
redis.call('ZREM', KEYS[1], ARGV[1])
if held[1] then
  redis.call('HSET', KEYS[2], 'released', held[1])
end
return #sent
