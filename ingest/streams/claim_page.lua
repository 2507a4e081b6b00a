-- Claim a page for a shard, so that no other shard fetches it meanwhile, and look whether it is here.
-- KEYS: the page as it was fetched last, the claim
-- ARGV: number of the shard, seconds after which the claim ends by itself
-- Returns: 1 where the claim is the shard's, else 0; the page or ''
local failed = wrong_type('string', KEYS)
if failed then
  return failed
end
local held = redis.call('GET', KEYS[2])
local is_own = not held or held == ARGV[1]
if is_own then
  redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
end
return {is_own and 1 or 0, redis.call('GET', KEYS[1]) or ''}
