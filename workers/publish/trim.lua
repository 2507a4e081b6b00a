-- Trim a stream by age and length, and find out which groups had not dealt with what went.
-- KEYS: articles, of the wire or of a subscription; lost (a hash: group → JSON of its last loss)
-- ARGV: id below which articles are too old, most articles, Unix seconds
-- Returns: for each group that lost articles its name, the id after which its loss begins, the first
--          id that is left, how many it had never been given (-1: not known), how many it had been
--          given and had not acknowledged (1000: so many or more)
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
  return {}
end
redis.call('XTRIM', KEYS[1], 'MINID', '~', ARGV[1])
redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[2])
local left = redis.call('XLEN', KEYS[1])
if left == length then
  return {}
end
local is = first_id() or string.format('%s-0', redis.call('TIME')[1] * 1000 + 1)

local lost = {}
for _, raw in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #raw, 2 do
    group[raw[i]] = raw[i + 1]
  end
  local given = group['last-delivered-id']
  local unseen = 0
  if is_below(given, was) then
    unseen = length - left
  elseif is_below(given, is) then
    -- Redis 7.0 counts what a group was given and what a stream was; before, nobody knows.
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
  local held = redis.call('XPENDING', KEYS[1], group['name'], '-', '(' .. is, 1000)
  local unfinished = 0
  for _, each in ipairs(held) do
    if not is_below(each[1], was) then
      unfinished = unfinished + 1
    end
  end
  if unseen ~= 0 or unfinished > 0 then
    local after = unfinished > 0 and held[1][1] or (is_below(given, was) and was or given)
    redis.call('HSET', KEYS[2], group['name'], cjson.encode({
      after = after, before = is, unseen = unseen, unfinished = unfinished,
      at = tonumber(ARGV[3])}))
    for _, told in ipairs({group['name'], after, is, unseen, unfinished}) do
      lost[#lost + 1] = told
    end
  end
end
return lost
