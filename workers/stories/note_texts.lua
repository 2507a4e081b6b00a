-- Write slots of the table of texts.
-- KEYS: table (a string)
-- ARGV: place of each slot in it, 4 bytes, the highest first, and the slot; bytes of a slot
local failed = wrong_type('string', {KEYS[1]})
if failed then
  return failed
end
local size = tonumber(ARGV[2])
for i = 1, #ARGV[1], 4 + size do
  local at = struct.unpack('>I4', ARGV[1], i)
  redis.call('SETRANGE', KEYS[1], at, string.sub(ARGV[1], i + 4, i + 3 + size))
end
