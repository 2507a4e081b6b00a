-- Trim a stream by age and length, and find out which groups had not dealt with what went.
-- The clock is the server's, which also gave the articles their ids: a worker whose clock is days
-- ahead must not trim what is new.
-- KEYS: articles, of the wire or of a subscription; lost (a hash: group → JSON of its last loss)
-- ARGV: seconds after which articles are too old, most articles
-- Returns: Unix seconds; then for each group that lost articles its name, the id after which its loss
--          begins, the first id that is left, how many had never been delivered to it (-1: not known),
--          how many had been delivered and not acknowledged (1000: so many or more)
local failed = wrong_type('stream', {KEYS[1]}) or wrong_type('hash', {KEYS[2]})
if failed then
  return failed
end
local now = tonumber(redis.call('TIME')[1])
local oldest = string.format('%.0f-0', math.max(0, (now - ARGV[1]) * 1000))

local function first_id()
  local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  return first and first[1] or nil
end

local function is_below(id, other)
  local ms, seq = string.match(id, '(%d+)-(%d+)')
  local other_ms, other_seq = string.match(other, '(%d+)-(%d+)')
  ms, other_ms = tonumber(ms), tonumber(other_ms)
  return ms < other_ms or (ms == other_ms and tonumber(seq) < tonumber(other_seq))
end

local was, length = first_id(), redis.call('XLEN', KEYS[1])
if not was then
  return {now}
end
redis.call('XTRIM', KEYS[1], 'MINID', '~', oldest)
redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[2])
local left = redis.call('XLEN', KEYS[1])
if left == length then
  return {now}
end
local is = first_id() or string.format('%.0f-0', now * 1000 + 1)

local lost = {now}
for _, raw in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #raw, 2 do
    group[raw[i]] = raw[i + 1]
  end
  local delivered = group['last-delivered-id']
  local unseen = 0
  if is_below(delivered, was) then
    unseen = length - left
  elseif is_below(delivered, is) then
    -- Redis counts deliveries and additions from 7.0 on; before, nobody knows.
    local read = group['entries-read']
    local added = nil
    local info = redis.call('XINFO', 'STREAM', KEYS[1])
    for i = 1, #info, 2 do
      if info[i] == 'entries-added' then
        added = info[i + 1]
      end
    end
    unseen = read and added and added - left - read or -1
  end
  local pending = redis.call('XPENDING', KEYS[1], group['name'], '-', '(' .. is, 1000)
  local unfinished = 0
  for _, each in ipairs(pending) do
    if not is_below(each[1], was) then
      unfinished = unfinished + 1
    end
  end
  if unseen ~= 0 or unfinished > 0 then
    local after = unfinished > 0 and pending[1][1] or (is_below(delivered, was) and was or delivered)
    redis.call('HSET', KEYS[2], group['name'], cjson.encode({
      after = after, before = is, unseen = unseen, unfinished = unfinished,
      at = now}))
    for _, value in ipairs({group['name'], after, is, unseen, unfinished}) do
      lost[#lost + 1] = value
    end
  end
end
return lost
