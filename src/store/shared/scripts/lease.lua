-- Takes the first message that is due. Whoever asks again under the same lease gets the same one.
local now, lease, done_ms = ARGV[1], ARGV[2], ARGV[3]
if not is_open() then return nil end
local name = call('GET', DONE)
if name then
  if call('HGET', OUT, name) ~= lease then return nil end
else
  local first = call('ZRANGE', DUE, 0, 0)[1]
  if not first or string.sub(first, 1, 16) > now then return nil end
  name = string.sub(first, 17)
  call('ZREM', DUE, first)
  call('HSET', OUT, name, lease)
  call('SET', DONE, name, 'PX', done_ms)
end
return { name, call('HGET', MESSAGES, name), call('HGET', ENDPOINTS, endpoint_of(name)) }
