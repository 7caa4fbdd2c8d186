-- A message that was being delivered is to be tried again, if the lease still counts: in its line, or beside it (`past` is
-- given) so that its line goes on without it.
local name, lease, due, body, past = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if call('HGET', OUT, name) ~= lease then return 0 end
call('HDEL', OUT, name)
local m = read(name)
if past ~= '' then
  if m.stand ~= 'a' then
    next_in_line(line_of(name))
    call('ZADD', ASIDE, 0, name)
  end
  m.stand, m.past = 'a', tonumber(past)
end
m.due, m.body = due, body
write(name, m)
call('ZADD', DUE, 0, due .. name)
return 1
