-- Lets a space go with all that it has. What is still on its way to it is told so for a while.
for place = 2, #KEYS do call('UNLINK', KEYS[place]) end
call('DEL', META)
call('HSET', META, 'state', 'gone')
call('PEXPIRE', META, ARGV[1])
return 1
