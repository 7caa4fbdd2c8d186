-- Keeps settings, if nobody has kept any since the revision that is named. Says the new revision.
local expected, done_ms = ARGV[1], ARGV[2]
if not is_open() then return 'gone' end
local known = call('GET', DONE)
if known then return known end
if expected ~= '' and (call('HGET', META, 'revision') or '0') ~= expected then return 'conflict' end
for place = 3, #ARGV, 3 do
  if ARGV[place + 1] == '1' then
    call('HSET', SETTINGS, ARGV[place], ARGV[place + 2])
  else
    call('HDEL', SETTINGS, ARGV[place])
  end
end
local revision = tostring(call('HINCRBY', META, 'revision', 1))
call('SET', DONE, revision, 'PX', done_ms)
return revision
