-- Commit a poll, all or nothing: new entries, what was seen, the state, the next due time.
-- A crash before it means that the feed is polled again; after it, all is done. Running it twice
-- adds nothing that is new: a fingerprint that is already in `seen` is not added again.
-- KEYS: due, feed, seen, entries, rates
-- ARGV: feed id, seconds until the next poll (inf: never), retention in seconds,
--       the state as JSON,
--       m, m fingerprints that the document holds (m = -1: there was no new document),
--       marks of its items ('': keep those that are stored), r, r payloads of revised entries,
--       then fingerprint, payload, … of the entries believed to be new
-- Returns: how many entries were new
local time = redis.call('TIME')
local now = tonumber(string.format('%.6f', time[1] + time[2] / 1e6))
redis.call('HSET', KEYS[2], 'state', ARGV[4])
redis.call('HDEL', KEYS[2], 'waits')

local present, at = tonumber(ARGV[5]), 6
local added = 0
if present >= 0 then
  -- What the document before this one held was in the feed until just now, however long ago that
  -- document came: its retention starts today.
  local last = redis.call('HGET', KEYS[2], 'seen_at')
  if last then
    for _, fingerprint in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], last, '+inf')) do
      redis.call('ZADD', KEYS[3], now - 0.000001, fingerprint)
    end
  end
  local marks = at + present
  if ARGV[marks] ~= '' then
    redis.call('HSET', KEYS[2], 'marks', ARGV[marks])
  end
  local first_new = marks + 2 + ARGV[marks + 1]
  for i = marks + 2, first_new - 1 do
    redis.call('XADD', KEYS[4], '*', 'data', ARGV[i])
  end
  for i = first_new, #ARGV, 2 do
    if redis.call('ZADD', KEYS[3], 'NX', now, ARGV[i]) == 1 then
      redis.call('XADD', KEYS[4], '*', 'data', ARGV[i + 1])
      added = added + 1
    end
  end
  for i = at, marks - 1 do
    redis.call('ZADD', KEYS[3], 'XX', now, ARGV[i])
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - ARGV[3])
  redis.call('HSET', KEYS[2], 'seen_at', string.format('%.6f', now))
end

local due = ARGV[2] == 'inf' and '+inf' or now + ARGV[2]
redis.call('ZADD', KEYS[1], 'XX', due, ARGV[1])
local minute = math.floor(now / 60)
redis.call('HINCRBY', KEYS[5], 'polls:' .. minute, 1)
if added > 0 then
  redis.call('HINCRBY', KEYS[5], 'entries:' .. minute, added)
end
return added
