-- Puts a message that was delivered or is dead into its line again. `body` is what it says then.
local name, now, body, waiting_max = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local m = read(name)
if m and (m.stand == 'l' or m.stand == 'a') then return 'waits' end
local endpoint = call('HGET', ENDPOINTS, endpoint_of(name))
if not m or not endpoint then return 'none' end
if string.sub(endpoint, 1, 1) == 'x' then return 'disabled' end
if meta('waiting') + 1 > waiting_max then return 'full' end
call('LREM', DELIVERED, 0, name)
call('LREM', DEAD, 0, name)
enqueue(name, now, body)
return 'waits'
