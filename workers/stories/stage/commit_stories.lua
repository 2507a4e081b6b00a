-- Commit what a batch of articles did to stories: its events, the state of the stories that it changed,
-- the place behind it on each shard, all or nothing. Only the last holder of the lease may, and only on
-- top of the state that it knows: a commit that is sent again does nothing.
-- KEYS: lease, stage, stories, index, open stories, rates,
--       then where the story of each placed article stands, then the streams of subscriptions
-- ARGV: token, sequence, milliseconds of the lease, seconds for which an article's story is known,
--       numbers: of pairs for the stage, events, changed stories, closed stories, placed articles,
--       copies, new stories; then
--       field, value of the stage; [field, value, …] as MessagePack and `data` of an event;
--       id, index state, told state of a changed story; id of a closed story;
--       story of a placed article; number of the stream among the keys, and number of the event
-- Returns: 1 when it is done, also when it was before; 0 where the lease is another's;
--          -1 where the state is another one than the holder knows;
--          then key, error, … of each subscription's stream that could not take a story
local failed = wrong_type('string', {KEYS[1]}) or wrong_type('hash', {KEYS[2], KEYS[4], KEYS[5]})
if failed then
  return failed
end
local stage = redis.call('HMGET', KEYS[2], 'token', 'sequence')
if stage[1] ~= ARGV[1] then
  return {0}
end
local sequence = tonumber(stage[2] or 0)
if sequence == ARGV[2] + 1 then
  return {1}
elseif sequence ~= tonumber(ARGV[2]) then
  return {-1}
end
local numbers = {}
for i = 5, 11 do
  numbers[i - 4] = tonumber(ARGV[i])
end
local fields, told, changed, closed, placed, copies, new = unpack(numbers)
local at = 12  -- the argument that is read next

local states = {'sequence', sequence + 1}
for _ = 1, fields do
  states[#states + 1] = ARGV[at]
  states[#states + 1] = ARGV[at + 1]
  at = at + 2
end
local events = {}
for i = 1, told do
  events[i] = cmsgpack.unpack(ARGV[at])
  events[i][#events[i] + 1] = ARGV[at + 1]
  at = at + 2
end
local ids, full = append_all(KEYS[3], events)
if full then
  return full
end
redis.call('HSET', KEYS[2], unpack(states))
for _ = 1, changed do
  redis.call('HSET', KEYS[4], ARGV[at], ARGV[at + 1])
  redis.call('HSET', KEYS[5], ARGV[at], ARGV[at + 2])
  at = at + 3
end
for _ = 1, closed do
  redis.call('HDEL', KEYS[4], ARGV[at])
  redis.call('HDEL', KEYS[5], ARGV[at])
  at = at + 1
end
for i = 1, placed do
  redis.call('SET', KEYS[6 + i], ARGV[at], 'EX', ARGV[4])
  at = at + 1
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
if new > 0 then
  local minute = math.floor(redis.call('TIME')[1] / 60)
  redis.pcall('HINCRBY', KEYS[6], 'stories:' .. minute, new)
end
-- The events are out by now: a subscription's stream that cannot take one must not make this fail. One
-- that was removed meanwhile has no stream and gets none.
local answer = {1}
for _ = 1, copies do
  local stream, number = KEYS[tonumber(ARGV[at])], tonumber(ARGV[at + 1])
  local copy = redis.pcall('XADD', stream, 'NOMKSTREAM', ids[number], unpack(events[number]))
  if type(copy) == 'table' and copy['err'] then
    copy = redis.pcall('XADD', stream, 'NOMKSTREAM', '*', unpack(events[number]))
  end
  if type(copy) == 'table' and copy['err'] then
    answer[#answer + 1] = stream
    answer[#answer + 1] = copy['err']
  end
  at = at + 2
end
return answer
