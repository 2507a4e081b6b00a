-- Give leased feeds back: each is due again after its wait. One that waits for its host is marked,
-- so that those who come later do not get in before it; the commit of its poll takes the mark away.
-- A feed that has left the list meanwhile stays out, and one that was paused is not due.
-- KEYS: due, then the key of each feed
-- ARGV: for each feed: id, seconds, 1 where it waits for its host else 0
local feeds = {}
for i = 2, #KEYS do
  feeds[i - 1] = KEYS[i]
end
local failed = wrong_type('zset', {KEYS[1]}) or wrong_type('hash', feeds)
if failed then
  return failed
end
local time = redis.call('TIME')
local now = tonumber(string.format('%.6f', time[1] + time[2] / 1e6))
for i = 2, #KEYS do
  local feed, wait, waits = ARGV[3 * i - 5], ARGV[3 * i - 4], ARGV[3 * i - 3]
  if redis.call('ZSCORE', KEYS[1], feed) then
    local is_paused = redis.call('HEXISTS', KEYS[i], 'paused') == 1
    redis.call('ZADD', KEYS[1], is_paused and '+inf' or now + wait, feed)
    if waits == '1' then
      redis.call('HSET', KEYS[i], 'waits', '1')
    end
  end
end
