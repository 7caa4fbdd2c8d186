-- What a replica that is gone was delivering is due again.
local mark = ARGV[1]
local leases, taken = call('HGETALL', OUT), 0
for place = 1, #leases, 2 do
  local name = leases[place]
  if string.sub(leases[place + 1], 1, #mark) == mark then
    call('HDEL', OUT, name)
    call('ZADD', DUE, 0, read(name).due .. name)
    taken = taken + 1
  end
end
return taken
