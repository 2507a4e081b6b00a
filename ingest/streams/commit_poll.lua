-- Commit a poll, all or nothing: new entries, what was seen, the state, the next due time.
-- A crash before it means that the feed is polled again; after it, all is done. Running it twice
-- adds nothing that is new: a fingerprint that is already in `seen` is not added again.
-- An entry whose page is wanted waits for that in place of the queue (route_entries.lua).
-- KEYS: due, feed, seen, entries, rates, pages, page waits, then for each page that of its entries and
--       that which tells that it has been fetched
-- ARGV: feed id, seconds until the next poll (inf: never), retention in seconds,
--       the state as JSON, seconds that an entry waits for its page,
--       p, p names of pages,
--       m, m fingerprints that the document holds (m = -1: there was no new document),
--       digests of its items ('': keep those that are stored),
--       a, a other keys of its entries that are remembered as well,
--       r, then payload, page, … of r revised entries,
--       then fingerprint, payload, page, … of the entries believed to be new
-- Returns: how many entries were new
local pages = tonumber(ARGV[6])
local router = new_router(slice(ARGV, 7, 6 + pages), slice(KEYS, 8, #KEYS))
local failed = wrong_type('zset', {KEYS[1], KEYS[3]}) or wrong_type('hash', {KEYS[2]})
  or wrong_type('stream', {KEYS[4]}) or router.check(KEYS[6], KEYS[7])
if failed then
  return failed
end
local time = redis.call('TIME')
local now = tonumber(string.format('%.6f', time[1] + time[2] / 1e6))
local due = ARGV[2] == 'inf' and '+inf' or now + ARGV[2]
local forgotten = now - ARGV[3]

-- Read what is new and append it: that alone can fail.
local present, at = tonumber(ARGV[7 + pages]), 8 + pages
local digests = at + present
local aliases = digests + 1  -- where their number stands
local earlier, fresh, taken = {}, {}, 0
if present >= 0 then
  -- What the document before this one held was in the feed until just now, however long ago that
  -- document came: its retention starts today.
  local last = redis.call('HGET', KEYS[2], 'seen_at')
  if last and tonumber(last) then
    earlier = redis.call('ZRANGEBYSCORE', KEYS[3], last, '+inf')
  end
  local revised = aliases + 1 + ARGV[aliases]  -- where their number stands
  local first_new = revised + 1 + 2 * ARGV[revised]
  for i = revised + 1, first_new - 1, 2 do
    router.add(ARGV[i], tonumber(ARGV[i + 1]), true)
  end
  for i = first_new, #ARGV, 3 do
    local fingerprint = ARGV[i]
    if not fresh[fingerprint] and not redis.call('ZSCORE', KEYS[3], fingerprint) then
      fresh[fingerprint] = true
      fresh[#fresh + 1] = fingerprint
      taken = taken + count_of(ARGV[i + 1])
      router.add(ARGV[i + 1], tonumber(ARGV[i + 2]), false)
    end
  end
end
local _, full = append_all(KEYS[4], router.ready)
if full then
  return full
end
router.write(KEYS[6], KEYS[7], now, ARGV[5])

redis.call('HSET', KEYS[2], 'state', ARGV[4])
redis.call('HDEL', KEYS[2], 'waits')
if present >= 0 then
  for _, fingerprint in ipairs(earlier) do
    redis.call('ZADD', KEYS[3], now - 0.000001, fingerprint)
  end
  if ARGV[digests] ~= '' then
    redis.call('HSET', KEYS[2], 'marks', ARGV[digests])
  end
  for _, fingerprint in ipairs(fresh) do
    redis.call('ZADD', KEYS[3], now, fingerprint)
  end
  for i = aliases + 1, aliases + ARGV[aliases] do
    redis.call('ZADD', KEYS[3], now, ARGV[i])
  end
  for i = at, digests - 1 do
    redis.call('ZADD', KEYS[3], 'XX', now, ARGV[i])
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', forgotten)
  redis.call('HSET', KEYS[2], 'seen_at', string.format('%.6f', now))
end
if redis.call('HEXISTS', KEYS[2], 'paused') == 1 then
  due = '+inf'
end
redis.call('ZADD', KEYS[1], 'XX', due, ARGV[1])
local minute = math.floor(now / 60)
redis.pcall('HINCRBY', KEYS[5], 'polls:' .. minute, 1)
if #fresh > 0 then
  count_taken(KEYS[2], now, taken)
  redis.pcall('HINCRBY', KEYS[5], 'entries:' .. minute, #fresh)
end
return #fresh
