-- Shared by the scripts that commit entries: which of them go to the workers at once, and which wait
-- until the page of their article has been fetched.

-- Returns: a part of a table; `unpack` takes no thousands
local function slice(values, first, last)
  local part = {}
  for i = first, last do
    part[#part + 1] = values[i]
  end
  return part
end

-- Returns: a router of entries.
--   names: of the pages that the entries have; keys: for each page that of its entries, then that
--   which tells that it has been fetched for an entry of this shard
local function new_router(names, keys)
  local router, waiting = {ready = {}}, {}

  -- Add an entry.
  --   page: number of its page; 0: none. Negative: it waits only where entries before it wait, for
  --   they must not come after it.
  function router.add(payload, page, is_revision)
    local number = math.abs(page)
    local key, sent = keys[2 * number - 1], keys[2 * number]
    local waits = page ~= 0 and (waiting[number] or redis.call('EXISTS', key) == 1
      or page > 0 and (is_revision or redis.call('EXISTS', sent) == 0))
    if waits then
      waiting[number] = waiting[number] or {}
      table.insert(waiting[number], payload)
    else
      table.insert(router.ready, {'data', payload})
    end
  end

  -- Write down the entries that wait, once nothing can fail any more: a page that nobody waits for
  -- yet is due at once.
  function router.write(pages, waits, now, wait)
    for number, payloads in pairs(waiting) do
      local key, name = keys[2 * number - 1], names[number]
      for _, payload in ipairs(payloads) do
        redis.call('HSET', key, redis.call('HINCRBY', key, 'entries', 1), payload)
      end
      redis.call('HSETNX', key, 'since', string.format('%.0f', now))
      redis.call('ZADD', pages, 'NX', string.format('%.6f', now), name)
      redis.call('ZADD', waits, 'NX', string.format('%.6f', now + wait), name)
    end
  end

  -- Returns: an error where one of the keys that are written holds something else, else nil
  function router.check(pages, waits)
    local hashes = {}
    for i = 1, #keys, 2 do
      hashes[#hashes + 1] = keys[i]
    end
    return wrong_type('zset', {pages, waits}) or wrong_type('hash', hashes)
  end

  return router
end

