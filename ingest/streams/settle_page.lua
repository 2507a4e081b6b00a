-- End the fetching of a page: the entries that it is fetched for go to the workers, with the page, also
-- those that had gone without it before: the workers make a further version of these. Where it is
-- given up, those go that still wait.
-- A crash before it means that the page is fetched again; whoever comes second finds nothing to do.
-- KEYS: pages, page waits, the entries of the page, entries, that which tells that it was fetched,
--       rates, raw pages
-- ARGV: name of the page, the page ('': it is given up), seconds for which it is remembered that it
--       was fetched, 1 where the page is kept for the archive else 0
-- Returns: how many entries went to the workers; -1 where there was nothing to do
local failed = wrong_type('zset', {KEYS[1], KEYS[2]}) or wrong_type('hash', {KEYS[3]})
if failed then
  return failed
end
local held = redis.call('HMGET', KEYS[3], 'entries', 'released')
if not held[1] then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return -1
end
local page, released, count = ARGV[2], tonumber(held[2] or 0), tonumber(held[1])
local first = page == '' and released + 1 or 1
local sent, later = {}, {}
for i = count, first, -1 do
  local data = redis.call('HGET', KEYS[3], i)
  local goes = true
  if page ~= '' and released > 0 and count > 1 then
    -- Of what went before, only the last that an item said: it must not become what it was.
    local is_json, entry = pcall(cjson.decode, data)
    local feed = is_json and type(entry) == 'table' and entry['feed']
    if type(feed) == 'table' then
      local item = tostring(feed['id']) .. ' ' .. tostring(entry['fingerprint'])
      goes = i > released or not later[item]
      later[item] = true
    end
  end
  if goes then
    table.insert(sent, 1, page == '' and {'data', data} or {'data', data, 'page', page})
  end
end
local _, full = append_all(KEYS[4], sent)
if full then
  return full
end
redis.call('DEL', KEYS[3])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
if page ~= '' then
  redis.call('SET', KEYS[5], '', 'EX', ARGV[3])
  local minute = math.floor(redis.call('TIME')[1] / 60)
  redis.pcall('HINCRBY', KEYS[6], 'pages:' .. minute, 1)
  if ARGV[4] == '1' then
    redis.pcall('XADD', KEYS[7], '*', 'data', page)
  end
end
return #sent
