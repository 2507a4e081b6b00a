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
--       n, then for each other name what stood there as it was read ('': nothing) and what is to
--       stand there ('': leave it),
--       [field, value, …] of the event as MessagePack ('': the entry makes no article), its `data`
-- Returns: the id of the article on the stream, then key, error, … of each subscription's stream
--          that could not take it; nil where there is no article; 0 to look again

-- What another type holds is none of ours: it is replaced, as if nothing had been there.
local function record_at(key)
  local stored = redis.pcall('GET', key)
  return type(stored) == 'string' and stored or ''
end

if record_at(KEYS[4]) ~= ARGV[3] then
  return 0
end
local names = tonumber(ARGV[7])
for i = 1, names do
  if record_at(KEYS[4 + i]) ~= ARGV[6 + 2 * i] then
    return 0
  end
end
local first = 8 + 2 * names  -- where the event stands
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)
if pending['err'] then
  return wrong_type('stream', {KEYS[1]}) or pending
end
if #pending == 0 then
  return nil
end

local answer, event, record = nil, nil, ARGV[4] .. ' '
if ARGV[first] ~= '' then
  event = cmsgpack.unpack(ARGV[first])
  event[#event + 1] = ARGV[first + 1]
  local ids, full = append_all(KEYS[2], {event})
  if full then
    return full
  end
  answer, record = ids, record .. ids[1]
end
if ARGV[4] ~= '' then
  redis.call('SET', KEYS[4], record, 'EX', ARGV[5])
end
for i = 1, names do
  if ARGV[7 + 2 * i] ~= '' then
    redis.call('SET', KEYS[4 + i], ARGV[7 + 2 * i], 'EX', ARGV[5])
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
for i = 5 + names, #KEYS do
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
