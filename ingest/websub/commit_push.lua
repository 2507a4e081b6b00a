-- Commit what a hub has sent, all or nothing: the entries that are new, and that they were seen.
-- Unlike a poll's, the document need not be whole: nothing is forgotten here, and neither the state
-- of the feed nor the time of its next poll changes. Running it twice adds nothing.
-- An entry may have a second fingerprint, its twin: the one that it has where other items of a
-- document carry its guid. It is marked too, for a hub sends an item without those others.
-- One without a fingerprint was seen and says something else now: it goes to the workers as it is.
-- KEYS: due, seen, entries, rates
-- ARGV: feed id, then fingerprint or '', twin or '', payload, … of the entries believed to be new
-- Returns: how many entries were new; -1 where the feed has left the list
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return -1
end
local time = redis.call('TIME')
local now = tonumber(string.format('%.6f', time[1] + time[2] / 1e6))
local added = 0
for i = 2, #ARGV, 3 do
  local twin = ARGV[i + 1]
  if ARGV[i] == '' then
    redis.call('XADD', KEYS[3], '*', 'data', ARGV[i + 2])
  elseif twin == '' or redis.call('ZADD', KEYS[2], 'NX', now, twin) == 1 then
    if redis.call('ZADD', KEYS[2], 'NX', now, ARGV[i]) == 1 then
      redis.call('XADD', KEYS[3], '*', 'data', ARGV[i + 2])
      added = added + 1
    end
  end
end
local minute = math.floor(now / 60)
redis.call('HINCRBY', KEYS[4], 'pushes:' .. minute, 1)
if added > 0 then
  redis.call('HINCRBY', KEYS[4], 'entries:' .. minute, added)
end
return added
