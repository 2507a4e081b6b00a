-- Let polls out of their hosts and remember how the hosts were found; see enter_host.lua.
-- A host at which so many different feeds failed in a row counts as down: one poll at a time tries
-- it, each after twice the wait of the one before, until one gets an answer.
-- What is found is said of the origin: another port of a host is another server.
-- KEYS: the set of origins that are held, then for each poll the key of its host and that of its
--       origin
-- ARGV: feeds that make a host down, first wait and longest wait in seconds,
--       for each poll: feed id, name of the origin, how it was found (`up`, `down`, `busy`, or
--       `unseen` where it was not asked or nothing is said), seconds that the poll lasted, seconds
--       that the host asked for (0: none)
-- Returns: for each poll 1 where this was the one that made its host count as down, 2 where it
--          counts as down no longer, else 0
local hosts = {}
for i = 2, #KEYS do
  hosts[i - 1] = KEYS[i]
end
local failed = wrong_type('zset', {KEYS[1]}) or wrong_type('hash', hosts)
if failed then
  return failed
end
local time = redis.call('TIME')
local now = tonumber(string.format('%.6f', time[1] + time[2] / 1e6))
local limit, base, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local KEPT = 14 * 86400
local news = {}

for i = 1, (#KEYS - 1) / 2 do
  local key, origin, at = KEYS[2 * i], KEYS[2 * i + 1], 5 * i - 1
  local feed, name, found = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local lasted, asked = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  local place = redis.call('HMGET', key, 'busy', 'pace')
  local host = redis.call('HMGET', origin, 'hold', 'failed', 'open', 'busy_answers')
  local hold, open = tonumber(host[1] or 0), tonumber(host[3] or 0)
  news[i] = 0

  local busy = {}
  for other, expiry in string.gmatch(place[1] or '', '(%S+) (%S+)') do
    if other ~= feed and tonumber(expiry) > now then
      busy[#busy + 1] = other .. ' ' .. expiry
    end
  end
  redis.call('HSET', key, 'busy', table.concat(busy, ' '))
  if found ~= 'unseen' then
    local pace = tonumber(place[2] or lasted)
    redis.call('HSET', key, 'pace', string.format('%.3f', pace + 0.3 * (lasted - pace)))
  end

  local until_then = nil
  if found == 'up' then
    if host[2] or host[3] or host[4] then
      redis.call('HDEL', origin, 'failed', 'open', 'busy_answers')
      news[i] = open > 0 and 2 or 0
    end
    -- What it asked for still holds while an answer to an earlier request comes in.
    if host[1] and (open > 0 or hold <= now) then
      redis.call('HDEL', origin, 'hold')
      redis.call('ZREM', KEYS[1], name)
    end
  elseif found == 'busy' then
    if asked > 0 then
      until_then = now + asked
    else
      local times = tonumber(host[4] or 0) + 1
      redis.call('HSET', origin, 'busy_answers', times)
      until_then = now + math.min(longest, base * 2 ^ (times - 1))
    end
  elseif found == 'down' then
    local failed, count = ' ' .. (host[2] or '') .. ' ', 0
    for _ in string.gmatch(failed, '%S+') do
      count = count + 1
    end
    if not string.find(failed, ' ' .. feed .. ' ', 1, true) and count < limit then
      redis.call('HSET', origin, 'failed', (host[2] and host[2] .. ' ' or '') .. feed)
      count = count + 1
    end
    -- A poll that was on its way already when the host went down says nothing new.
    if count >= limit and (open == 0 or hold <= now) then
      redis.call('HSET', origin, 'open', open + 1)
      until_then = now + math.min(longest, base * 2 ^ math.min(open, 30))
      news[i] = open == 0 and 1 or 0
    end
  end
  if until_then then
    hold = math.max(hold, until_then)
    redis.call('HSET', origin, 'hold', string.format('%.6f', hold))
    redis.call('ZADD', KEYS[1], string.format('%.6f', hold), name)
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - KEPT)
  end
  if found == 'down' or until_then then
    -- What is known of a host in trouble outlives the longest wait of its feeds.
    redis.call('EXPIRE', origin, KEPT)
  end
  if redis.call('TTL', key) == -1 then
    redis.call('EXPIRE', key, 3600)
  end
end
return news
