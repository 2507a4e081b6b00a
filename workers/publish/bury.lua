-- Move an entry that cannot be processed to the dead letters, with its original.
-- KEYS: entries, dead, rates
-- ARGV: group, entry id, error, attempts
-- Returns: the id of the dead letter, or nil when another worker dealt with the entry
local original = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return nil
end
redis.call('XDEL', KEYS[1], ARGV[2])
local minute = math.floor(redis.call('TIME')[1] / 60)
redis.call('HINCRBY', KEYS[3], 'dead:' .. minute, 1)
local fields = {'entry_id', ARGV[2], 'error', ARGV[3], 'attempts', ARGV[4]}
if original[1] then
  for _, value in ipairs(original[1][2]) do
    fields[#fields + 1] = value
  end
end
return redis.call('XADD', KEYS[2], '*', unpack(fields))
