-- Take feeds that are due: each one's score moves ahead by the lease, so that any number of
-- schedulers can tick and the feeds of one that died come back by themselves.
-- The clock is the server's, so that the clocks of the hosts do not matter.
-- KEYS: due
-- ARGV: lease in seconds, most feeds to take
-- Returns: {id, seconds overdue, id, seconds overdue, …}
local time = redis.call('TIME')
local now = tonumber(string.format('%.6f', time[1] + time[2] / 1e6))
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local taken = {}
for i = 1, #due, 2 do
  redis.call('ZADD', KEYS[1], 'XX', now + ARGV[1], due[i])
  taken[i] = due[i]
  taken[i + 1] = string.format('%.3f', now - due[i + 1])
end
return taken
