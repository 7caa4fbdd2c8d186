-- Gives a space its name, or says who has that already. KEYS: names, epoch.
local taken = redis.call('HGET', KEYS[1], ARGV[1])
if taken then return taken end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 'full' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('INCR', KEYS[2])
return ARGV[2]
