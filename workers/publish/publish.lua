-- Publish a version of an article: only the worker whose entry is still pending adds it, so that two
-- workers that both hold a reclaimed entry publish it once. A crash before it leaves the entry
-- pending, and so does a stream that cannot take the article.
-- What is remembered of the article must be what the worker made up its mind by; otherwise nothing
-- is done and it is to look again.
-- A record may be found under other names than its own: there stands a pointer to its name.
-- KEYS: entries, articles, rates, record of the article, its n other names,
--       then the streams of the subscriptions that the article matches
-- ARGV: group, entry id, the record as it was read ('': there was none),
--       the record to keep ('': leave it), seconds to keep it, what to count it as in the rates,
--       a digit for each other name, the sum of 1 (something stood there as it was read) and
--       2 (the pointer is to stand there), the pointer,
--       [field, value, …] of the event as MessagePack ('': the entry makes no article), its `data`,
--       then what stood under the names with 1
-- Returns: the id of the article on the stream, then key, error, … of each subscription's stream
--          that could not take it; nil where there is no article; 0 to look again

local others = #ARGV[7]
-- What another type holds is none of ours: it is replaced, as if nothing had been there.
local stored = redis.call('MGET', unpack(KEYS, 4, 4 + others))
local expected, points, found = {ARGV[3]}, {}, 10
for i = 1, others do
  local mark = tonumber(ARGV[7]:sub(i, i))
  points[i] = mark >= 2
  if mark % 2 == 1 then
    found = found + 1
    expected[1 + i] = ARGV[found]
  else
    expected[1 + i] = ''
  end
end
for i = 1, #expected do
  if (stored[i] or '') ~= expected[i] then
    return 0
  end
end
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)
if pending['err'] then
  return wrong_type('stream', {KEYS[1]}) or pending
end
if #pending == 0 then
  return nil
end

local answer, event, record = nil, nil, ARGV[4] .. ' '
if ARGV[9] ~= '' then
  event = cmsgpack.unpack(ARGV[9])
  event[#event + 1] = ARGV[10]
  local ids, full = append_all(KEYS[2], {event})
  if full then
    return full
  end
  answer, record = ids, record .. ids[1]
end
if ARGV[4] ~= '' then
  redis.call('SET', KEYS[4], record, 'EX', ARGV[5])
end
for i = 1, others do
  if points[i] then
    redis.call('SET', KEYS[4 + i], ARGV[8], 'EX', ARGV[5])
  end
end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XDEL', KEYS[1], ARGV[2])
if not event then
  return nil
end
local minute = math.floor(redis.call('TIME')[1] / 60)
redis.pcall('HINCRBY', KEYS[3], ARGV[6] .. ':' .. minute, 1)
-- Under the same id. A subscription removed meanwhile has no stream and gets none. The article is
-- out by now: a stream that cannot take it (it is ahead of a wire that was emptied, or no stream)
-- must not make this fail.
for i = 5 + others, #KEYS do
  local copy = redis.pcall('XADD', KEYS[i], 'NOMKSTREAM', answer[1], unpack(event))
  if type(copy) == 'table' and copy['err'] then
    copy = redis.pcall('XADD', KEYS[i], 'NOMKSTREAM', '*', unpack(event))
  end
  if type(copy) == 'table' and copy['err'] then
    answer[#answer + 1] = KEYS[i]
    answer[#answer + 1] = copy['err']
  end
end
return answer
