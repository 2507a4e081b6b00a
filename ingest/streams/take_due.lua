-- Take feeds that are due: each one's score moves ahead by the lease, so that any number of
-- schedulers can tick and the feeds of one that died come back by themselves.
-- The clock is the server's, so that the clocks of the hosts do not matter. When it was set back, the
-- times in the set are of a clock that is no more: they are set back as far.
-- KEYS: due, a hash: name of such a set → what the clock said when feeds were last taken from it
-- ARGV: lease in seconds, most feeds to take
-- Returns: their ids, that of the most overdue first
local failed = wrong_type('zset', {KEYS[1]}) or wrong_type('hash', {KEYS[2]})
if failed then
  return failed
end
local time = redis.call('TIME')
local now = tonumber(string.format('%.6f', time[1] + time[2] / 1e6))
local before = tonumber(redis.call('HGET', KEYS[2], KEYS[1]) or now)
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[2], KEYS[1], string.format('%.6f', now))
end
if now < before - 5 then
  local all = redis.call('ZRANGEBYSCORE', KEYS[1], '(0', '(inf', 'WITHSCORES')
  for i = 1, #all, 2 do
    redis.call('ZADD', KEYS[1], string.format('%.6f', all[i + 1] - (before - now)), all[i])
  end
end
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])
for _, id in ipairs(due) do
  redis.call('ZADD', KEYS[1], 'XX', now + ARGV[1], id)
end
return due
