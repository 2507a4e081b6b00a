-- Commit what a hub has sent, all or nothing: the entries that are new, and that they were seen.
-- Unlike a poll's, the document need not be whole: nothing is forgotten here, and neither the state
-- of the feed nor the time of its next poll changes. Running it twice adds nothing.
-- An entry may have a second fingerprint, its twin: the one that it has where other items of a
-- document carry its guid. It is marked too, for a hub sends an item without those others.
-- A fingerprint without a payload is another key of an entry, which is remembered as well.
-- One without a fingerprint was seen and says something else now: it goes to the workers as it is.
-- An entry whose page is wanted waits for that in place of the queue (route_entries.lua).
-- KEYS: due, seen, entries, rates, feed, pages, page waits, then for each page that of its entries and
--       that which tells that it has been fetched
-- ARGV: feed id, seconds that an entry waits for its page, p, p names of pages,
--       then fingerprint or '', twin or '', payload, page, … of the entries believed to be new
-- Returns: how many entries were new; -1 where the feed has left the list
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return -1
end
local pages = tonumber(ARGV[3])
local router = new_router(slice(ARGV, 4, 3 + pages), slice(KEYS, 8, #KEYS))
local failed = wrong_type('zset', {KEYS[2]}) or wrong_type('stream', {KEYS[3]})
  or wrong_type('hash', {KEYS[5]}) or router.check(KEYS[6], KEYS[7])
if failed then
  return failed
end
local time = redis.call('TIME')
local now = tonumber(string.format('%.6f', time[1] + time[2] / 1e6))

-- Returns: whether the feed has not shown what has this fingerprint; from now on it has
local fresh = {}
local function is_new(fingerprint)
  if fresh[fingerprint] or redis.call('ZSCORE', KEYS[2], fingerprint) then
    return false
  end
  fresh[fingerprint] = true
  fresh[#fresh + 1] = fingerprint
  return true
end

-- Read what is new and append it: that alone can fail.
local added, taken = 0, 0
for i = 4 + pages, #ARGV, 4 do
  local fingerprint, twin, payload, page = unpack(ARGV, i, i + 3)
  if fingerprint == '' then
    router.add(payload, tonumber(page), true)
  elseif payload == '' then
    is_new(fingerprint)
  elseif (twin == '' or is_new(twin)) and is_new(fingerprint) then
    router.add(payload, tonumber(page), false)
    added = added + 1
    taken = taken + count_of(payload)
  end
end
local _, full = append_all(KEYS[3], router.ready)
if full then
  return full
end
router.write(KEYS[6], KEYS[7], now, ARGV[2])

for _, fingerprint in ipairs(fresh) do
  redis.call('ZADD', KEYS[2], now, fingerprint)
end
local minute = math.floor(now / 60)
redis.pcall('HINCRBY', KEYS[4], 'pushes:' .. minute, 1)
if added > 0 then
  count_taken(KEYS[5], now, taken)
  redis.pcall('HINCRBY', KEYS[4], 'entries:' .. minute, added)
end
return added
