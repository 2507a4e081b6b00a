-- Let polls in to their hosts: never more than so many at one host at a time, never two within its
-- gap, over all processes. One that must wait gets a time of its own, behind those who wait already.
-- KEYS: for each poll the key of its host and that of its origin, which is the same for the ports of
--       http and https; hashes. Of the host:
--   busy   who is there, `feed expiry …`; one that died leaves with the lease
--   last   when the last one came or, at once, will come, Unix seconds
--   tail   when the first time is that nobody was promised
--   pace   seconds that a poll lasts, on average
--   of the origin, for another port is another server:
--   hold   nobody comes before this
--   failed feeds that found the host down, in a row; open: how often it was tried since it counts
--   as down; busy_answers: how often in a row it said that it is busy (leave_host.lua)
-- ARGV: lease in seconds, places at a host, seconds that a poll can wait where it is,
--       for each poll: feed id, least gap in seconds, 1 where the feed has waited its time else 0
-- Returns: for each poll 1 or 0, whether the place is its own, and the seconds until it may come
local failed = wrong_type('hash', KEYS)
if failed then
  return failed
end
local time = redis.call('TIME')
local now = tonumber(string.format('%.6f', time[1] + time[2] / 1e6))
local lease, places, soon = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local HORIZON = 300  -- seconds ahead that a time is promised; who comes beyond that asks again
local SET_BACK = 60  -- a time so much further ahead than any that is given is of a clock set back
local answers = {}

local function seconds(value)
  return string.format('%.6f', value)
end

for i = 1, #KEYS / 2 do
  local key, origin, at = KEYS[2 * i - 1], KEYS[2 * i], 3 * i + 1
  local feed, gap, waited = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2] == '1'
  local host = redis.call('HMGET', key, 'busy', 'last', 'tail', 'pace')
  local state = redis.call('HMGET', origin, 'hold', 'open')
  local is_open = state[2]
  local last, tail = tonumber(host[2] or 0), tonumber(host[3] or 0)
  local pace, hold = tonumber(host[4] or 0), tonumber(state[1] or 0)
  local room = is_open and 1 or places
  if last > now + soon + SET_BACK then
    last, tail = 0, 0
  end

  local busy = {}
  for other, expiry in string.gmatch(host[1] or '', '(%S+) (%S+)') do
    local left = tonumber(expiry) - now
    if other ~= feed and left > 0 and left < soon + lease + SET_BACK then
      busy[#busy + 1] = other .. ' ' .. expiry
    end
  end
  local free = math.max(now, hold, last + gap)
  local step = math.max(gap, is_open and 0 or pace / room, 0.02)
  local own = #busy < room and hold <= now
    and ((waited and free - now <= soon) or (tail <= now and free <= now))
  local start
  if own then
    start = free
    last = start
    tail = math.max(tail, start + gap)
    busy[#busy + 1] = feed .. ' ' .. seconds(start + lease)
  else
    start = math.max(tail, free, #busy < room and now or now + step)
    local ahead = math.max(now, hold) + HORIZON
    if start < ahead then
      tail = start + step
    else
      start = ahead - math.fmod(time[2] + 7919 * i, 1000) / 1000 * HORIZON / 2
    end
  end
  redis.call('HSET', key, 'busy', table.concat(busy, ' '), 'last', seconds(last),
    'tail', seconds(tail))
  if not is_open or key ~= origin then
    redis.call('EXPIRE', key, math.ceil(math.max(tail, hold) - now + lease) + 3600)
  end
  answers[2 * i - 1] = own and 1 or 0
  answers[2 * i] = seconds(start - now)
end
return answers
