-- Lets names go and gives others, all at once, and says which spaces have none any more. KEYS: names, epoch.
local names, gone, gone_names = KEYS[1], {}, tonumber(ARGV[1])
for place = 2, 2 * gone_names, 2 do
  if redis.call('HGET', names, ARGV[place]) == ARGV[place + 1] then
    redis.call('HDEL', names, ARGV[place])
    gone[#gone + 1] = ARGV[place + 1]
  end
end
for place = 2 * gone_names + 2, #ARGV, 2 do
  local before = redis.call('HGET', names, ARGV[place])
  if before and before ~= ARGV[place + 1] then gone[#gone + 1] = before end
  redis.call('HSET', names, ARGV[place], ARGV[place + 1])
end
redis.call('INCR', KEYS[2])
return gone
