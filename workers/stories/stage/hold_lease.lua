-- Take the lease of the stage of stories, or renew it. Its token tells holders apart: a commit counts
-- only under the last token given, so that one who was held up for longer than the lease does nothing.
-- KEYS: lease, stage (a hash: token, holder, sequence, …)
-- ARGV: token held so far ('': none), name of who asks, milliseconds
-- Returns: the token, a new one where the lease is new; nil where another one holds it
local failed = wrong_type('string', {KEYS[1]}) or wrong_type('hash', {KEYS[2]})
if failed then
  return failed
end
local held, last = redis.call('GET', KEYS[1]), redis.call('HGET', KEYS[2], 'token')
if ARGV[1] ~= '' and last == ARGV[1] and (not held or held == last) then
  redis.call('SET', KEYS[1], last, 'PX', ARGV[3])
  return last
end
if held then
  -- The clock was set back: what was to end within this time must.
  if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[3]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
  end
  return nil
end
-- A time, so that a wire that was emptied does not give a token again.
local now = redis.call('TIME')
local token = string.format('%.0f', math.max(now[1] * 1000000 + now[2], tonumber(last or 0) + 1))
redis.call('HSET', KEYS[2], 'token', token, 'holder', ARGV[2], 'since', now[1])
redis.call('SET', KEYS[1], token, 'PX', ARGV[3])
return token
