-- Publish an article: only the worker whose XACK counts adds it, so that two workers that both
-- hold a reclaimed entry publish it once. A crash before it leaves the entry pending.
-- KEYS: entries, articles, rates, then the streams of the subscriptions that the article matches
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
local id = redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3))
-- Under the same id. A subscription removed meanwhile has no stream and gets none. The article is
-- out by now: a stream that cannot take it (it is ahead of a wire that was emptied, or no stream)
-- must not make this fail.
for i = 4, #KEYS do
  local copy = redis.pcall('XADD', KEYS[i], 'NOMKSTREAM', id, unpack(ARGV, 3))
  if type(copy) == 'table' and copy.err then
    redis.pcall('XADD', KEYS[i], 'NOMKSTREAM', '*', unpack(ARGV, 3))
  end
end
return id
