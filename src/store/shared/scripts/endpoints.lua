-- Registers, changes and removes endpoints. Whoever commits names the version of the list that it knows.
local what, id, value, kept_max = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
if not is_open() then return 0 end
if what == 'reserve' then
  local known = call('GET', DONE)
  if known then return tonumber(known) end
  local number = call('HINCRBY', META, 'registered', 1)
  call('SET', DONE, number, 'PX', value)
  return number
end
local known = call('HEXISTS', ENDPOINTS, id)
if what == 'change' and known == 0 then return 0 end
call('HINCRBY', META, 'endpoints', 1)
if what == 'remove' then
  call('HDEL', ENDPOINTS, id)
  -- No other endpoint gets its name.
  call('DEL', KEYS[15])
  for _, name in ipairs(drop_lines_to(id)) do call('HDEL', MESSAGES, name) end
  return known
end
call('HSET', ENDPOINTS, id, value)
if string.sub(value, 1, 1) == 'x' then
  for _, name in ipairs(drop_lines_to(id)) do
    local m = read(name)
    keep('x', name, m.due, m.body, kept_max)
  end
end
return 1
