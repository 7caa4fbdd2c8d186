-- A message that was being delivered goes, if the lease still counts: one that somebody else has taken over is his.
local name, lease, how, due, body, kept_max = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
if call('HGET', OUT, name) ~= lease then return 0 end
call('HDEL', OUT, name)
call('HINCRBY', META, 'waiting', -1)
-- What was held back itself is no later message that others waited for.
if call('ZREM', ASIDE, name) == 0 then
  next_in_line(line_of(name))
  let_pass(endpoint_of(name), due)
end
if how == 'f' then
  call('HDEL', MESSAGES, name)
else
  keep(how, name, due, body, kept_max)
end
return 1
