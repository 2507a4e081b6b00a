-- Shared by the scripts that commit entries: how much of its limit of a day a feed has taken.

local ENTRY_BYTES = 32768  -- as in ingest/schedule/entry_limits.py

-- Returns: for how many entries one of that text counts
local function count_of(payload)
  return math.ceil(#payload / ENTRY_BYTES)
end

-- Count what the new entries of a feed came to, on this day (UTC).
local function count_taken(feed, now, taken_now)
  local today = math.floor(now / 86400)
  local day, taken = string.match(redis.call('HGET', feed, 'taken') or '', '^(%d+) (%d+)$')
  taken = tonumber(day) == today and tonumber(taken) or 0
  redis.call('HSET', feed, 'taken', string.format('%d %d', today, taken + taken_now))
end

