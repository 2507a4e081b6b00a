-- Count a try at each of some pages, before it begins: one that ends the process that fetches it must
-- not be tried for ever. What was settled meanwhile is left out.
-- A try that told nothing of the page is taken back.
-- KEYS: the entries of each page
-- ARGV: 1 to count a try, -1 to take one back
-- Returns: for each page the number of its tries, or 0
local failed = wrong_type('hash', KEYS)
if failed then
  return failed
end
local tries = {}
for i = 1, #KEYS do
  if redis.call('HEXISTS', KEYS[i], 'entries') == 1 then
    redis.call('HDEL', KEYS[i], 'waits')
    tries[i] = redis.call('HINCRBY', KEYS[i], 'tries', ARGV[1])
  else
    tries[i] = 0
  end
end
return tries
