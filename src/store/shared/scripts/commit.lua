-- Carries a batch out whole or not at all. A client library may send it again after it lost the answer: DONE says that it has
-- been here.
if call('EXISTS', DONE) == 1 then return 'done' end
if not is_open() then return 'gone' end
local at = 1
local function take()
  at = at + 1
  return ARGV[at - 1]
end
local function count() return tonumber(take()) end
local done_ms, bytes_max, waiting_max, notices_max = take(), count(), count(), count()
local endpoints, names_gone = take(), count()
local writes, bytes = {}, 0
for place = 1, count() do
  local w = { op = take(), records = KEYS[count()], index = KEYS[count()], key = take(), version = take(), value = take() }
  local current = call('HGET', w.records, w.key)
  if w.op == 'i' then
    if current then return 'conflict' end
    bytes = bytes + #w.key + #w.value
  else
    if not current or string.sub(current, 1, 8) ~= w.version then return 'conflict' end
    bytes = bytes + #w.value - #current
    if w.op == 'd' then bytes = bytes - #w.key end
  end
  writes[place] = w
end
if bytes > 0 and meta('bytes') + bytes > bytes_max then return 'records' end
local notices, messages, tasks = {}, {}, {}
for place = 1, count() do notices[place] = { paid = take(), body = take() } end
for place = 1, count() do
  messages[place] = { numbers = KEYS[count()], line = take(), due = take(), body = take() }
end
for place = 1, count() do tasks[place] = take() end
if #notices > 0 then
  if (call('HGET', META, 'endpoints') or '0') ~= endpoints then return 'endpoints' end
  if meta('waiting') + #messages > waiting_max then
    call('HINCRBY', META, 'refused', #messages)
    return 'messages'
  end
end
for _, w in ipairs(writes) do
  if w.op == 'd' then
    call('HDEL', w.records, w.key)
    call('ZREM', w.index, w.key)
  else
    call('HSET', w.records, w.key, w.value)
    if w.op == 'i' then call('ZADD', w.index, 0, w.key) end
  end
end
if bytes ~= 0 then call('HINCRBY', META, 'bytes', bytes) end
if names_gone > 0 then call('HINCRBY', META, 'names', names_gone) end
for _, notice in ipairs(notices) do
  if notice.paid == '1' then
    call('RPUSH', PAID, notice.body)
    call('LTRIM', PAID, -notices_max, -1)
  else
    call('HINCRBY', META, 'told', 1)
    call('RPUSH', TOLD, notice.body)
    call('LTRIM', TOLD, -notices_max, -1)
  end
end
for _, m in ipairs(messages) do
  local number = call('HINCRBY', m.numbers, m.line, 1) - 1
  enqueue(m.line .. string.format('%08x', number), m.due, m.body)
end
for _, task in ipairs(tasks) do call('ZADD', TASKS, 0, task) end
call('SET', DONE, '1', 'PX', done_ms)
return 'done'
