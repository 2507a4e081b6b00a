-- Set the idle time and the number of deliveries of entries that a worker holds: 0 milliseconds renew
-- its claim while it works; a long time hands an entry back, so that the next worker takes it at once.
-- One that another worker has taken over meanwhile stays with that one.
-- KEYS: entries
-- ARGV: group, consumer, milliseconds, then entry id, number of deliveries, … of the entries
-- Returns: for how many it was done
local done = 0
for i = 4, #ARGV, 2 do
  local id = ARGV[i]
  if #redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1, ARGV[2]) == 1 then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, id,
      'IDLE', ARGV[3], 'RETRYCOUNT', ARGV[i + 1], 'JUSTID')
    done = done + 1
  end
end
return done
