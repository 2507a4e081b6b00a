-- Read slots of the table of texts.
-- KEYS: table (a string)
-- ARGV: place of each slot in it, 4 bytes each, the highest first; bytes of a slot
-- Returns: the slots one after the other; a slot that nothing was ever put into is zeros
local failed = wrong_type('string', {KEYS[1]})
if failed then
  return failed
end
local size, found = tonumber(ARGV[2]), {}
local empty = string.rep('\0', size)
for i = 1, #ARGV[1], 4 do
  local at = struct.unpack('>I4', ARGV[1], i)
  local slot = redis.call('GETRANGE', KEYS[1], at, at + size - 1)
  found[#found + 1] = #slot == size and slot or empty
end
return table.concat(found)
