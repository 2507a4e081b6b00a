-- Forget the readers of a stream that have been away for long and hold nothing. In one script: between
-- a look at a reader and its removal it might come back and be given something, which XGROUP
-- DELCONSUMER would drop. What a reader that is gone still holds is left for the others to claim.
-- KEYS: stream
-- ARGV: milliseconds that a reader must have been idle
-- Returns: how many were forgotten
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
local failed = wrong_type('stream', {KEYS[1]})
if failed then
  return failed
end

local function fields_of(raw)
  local fields = {}
  for i = 1, #raw, 2 do
    fields[raw[i]] = raw[i + 1]
  end
  return fields
end

local forgotten = 0
for _, raw_group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = fields_of(raw_group)['name']
  for _, raw in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], group)) do
    local consumer = fields_of(raw)
    if consumer['pending'] == 0 and consumer['idle'] > tonumber(ARGV[1]) then
      redis.call('XGROUP', 'DELCONSUMER', KEYS[1], group, consumer['name'])
      forgotten = forgotten + 1
    end
  end
end
return forgotten
