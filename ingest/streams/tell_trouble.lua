-- Tell that a page of a feed's articles brought no text, and count how often in a row.
-- KEYS: troubles
-- ARGV: feed id, what to tell as JSON, seconds after which all of it is forgotten
local failed = wrong_type('hash', {KEYS[1]})
if failed then
  return failed
end
local before = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '', '^(%d+) ')
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d %s', (before or 0) + 1, ARGV[2]))
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
