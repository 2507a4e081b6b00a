-- Move an entry that cannot be processed to the dead letters, with its original.
-- KEYS: entries, dead, rates
-- ARGV: group, entry id, error, attempts
-- Returns: the id of the dead letter, or nil when another worker dealt with the entry
local MOST_FIELDS = 1000  -- of an original that is none of ours
local failed = wrong_type('stream', {KEYS[1], KEYS[2]})
if failed then
  return failed
end
if #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1) == 0 then
  return nil
end
local fields = {'entry_id', ARGV[2], 'error', ARGV[3], 'attempts', ARGV[4]}
local original = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])[1]
local values = original and original[2] or {}
for i = 1, math.min(#values, 2 * MOST_FIELDS) do
  fields[#fields + 1] = values[i]
end
local ids, full = append_all(KEYS[2], {fields})
if full then
  return full
end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XDEL', KEYS[1], ARGV[2])
local minute = math.floor(redis.call('TIME')[1] / 60)
redis.pcall('HINCRBY', KEYS[3], 'dead:' .. minute, 1)
return ids[1]
