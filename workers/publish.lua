-- Publish an article: only the worker whose XACK counts adds it, so that two workers that both
-- hold a reclaimed entry publish it once. A crash before it leaves the entry pending.
-- KEYS: entries, articles, rates
-- ARGV: group, entry id, then field, value, … of the event (none: the entry is dropped by setting)
-- Returns: the id of the article on the stream, or nil
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return nil
end
redis.call('XDEL', KEYS[1], ARGV[2])
if #ARGV == 2 then
  return nil
end
local minute = math.floor(redis.call('TIME')[1] / 60)
redis.call('HINCRBY', KEYS[3], 'articles:' .. minute, 1)
return redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3))
