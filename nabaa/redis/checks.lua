-- Every script begins with these functions. A script is not rolled back: all that can fail is
-- checked before its first write, and a script that cannot write leaves everything as it was.

-- Returns: an error where one of the keys holds another type than the script writes, else nil
local function wrong_type(kind, keys)
  for _, key in ipairs(keys) do
    local found = redis.call('TYPE', key)['ok']
    if found ~= 'none' and found ~= kind then
      return redis.error_reply(
        'WRONGTYPE ' .. key .. ' holds a ' .. found .. ' in place of a ' .. kind)
    end
  end
  return nil
end

-- Append entries to a stream, all or none; it must be the first write of a script.
-- Returns: the ids; or nil and an error where it is no stream, or the highest id is used up
local function append_all(stream, entries)
  local ids = {}
  for i, fields in ipairs(entries) do
    local id = redis.pcall('XADD', stream, '*', unpack(fields))
    if type(id) == 'table' then
      for _, added in ipairs(ids) do
        redis.call('XDEL', stream, added)
      end
      local failed = wrong_type('stream', {stream})
      if failed then
        return nil, failed
      end
      if not string.find(id['err'], 'last possible ID', 1, true) then
        redis.call('XADD', stream, '*', unpack(fields))  -- fails in the same way, as an error
      end
      return nil, redis.error_reply(
        'UNWRITABLE ' .. stream .. ' takes no entry any more: the highest id of a stream is used up')
    end
    ids[i] = id
  end
  return ids, nil
end

