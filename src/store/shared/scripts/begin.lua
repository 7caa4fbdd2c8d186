-- Makes a space of which nobody knows yet.
call('HSET', META, 'state', 'open', 'registered', ARGV[1])
for place = 2, #ARGV, 2 do
  call('HSET', ENDPOINTS, ARGV[place], ARGV[place + 1])
end
return 1
