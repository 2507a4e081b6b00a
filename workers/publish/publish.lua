-- Publish a version of an article: only the worker whose XACK counts adds it, so that two workers
-- that both hold a reclaimed entry publish it once. A crash before it leaves the entry pending.
-- What is remembered of the article must be what the worker made up its mind by; otherwise nothing
-- is done and it is to look again.
-- KEYS: entries, articles, rates, record of the article,
--       then the streams of the subscriptions that the article matches
-- ARGV: group, entry id, the record as it was read ('': there was none),
--       the record to keep ('': leave it), seconds to keep it, what to count it as in the rates,
--       [field, value, …] of the event as MessagePack ('': the entry makes no article), its `data`
-- Returns: the id of the article on the stream; nil where there is none; 0 to look again
-- Writes nothing, and fails where the server's memory is full. After the first write, which takes
-- the entry off the queue, the server would let everything pass.
redis.call('SETRANGE', KEYS[4], 0, '')
if (redis.call('GET', KEYS[4]) or '') ~= ARGV[3] then
  return 0
end
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return nil
end
redis.call('XDEL', KEYS[1], ARGV[2])
if ARGV[7] == '' then
  if ARGV[4] ~= '' then
    redis.call('SET', KEYS[4], ARGV[4] .. ' ', 'EX', ARGV[5])
  end
  return nil
end
local minute = math.floor(redis.call('TIME')[1] / 60)
redis.call('HINCRBY', KEYS[3], ARGV[6] .. ':' .. minute, 1)
local event = cmsgpack.unpack(ARGV[7])
event[#event + 1] = ARGV[8]
local id = redis.call('XADD', KEYS[2], '*', unpack(event))
redis.call('SET', KEYS[4], ARGV[4] .. ' ' .. id, 'EX', ARGV[5])
-- Under the same id. A subscription removed meanwhile has no stream and gets none. The article is
-- out by now: a stream that cannot take it (it is ahead of a wire that was emptied, or no stream)
-- must not make this fail.
for i = 5, #KEYS do
  local copy = redis.pcall('XADD', KEYS[i], 'NOMKSTREAM', id, unpack(event))
  if type(copy) == 'table' and copy.err then
    redis.pcall('XADD', KEYS[i], 'NOMKSTREAM', '*', unpack(event))
  end
end
return id
