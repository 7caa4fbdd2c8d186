-- What every script begins with. The keys of a space have fixed places, and every key that a script may touch is declared.
-- What clients wait for is decided by the instants that they hand in: no script reads the engine's clock.
local call = redis.call
local META, DONE, TASKS, TOLD, PAID = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local MESSAGES, OUT, DUE, LINES, ASIDE = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local DELIVERED, DEAD, ENDPOINTS, SETTINGS = KEYS[11], KEYS[12], KEYS[13], KEYS[14]

local function is_open()
  return call('HGET', META, 'state') == 'open'
end

local function meta(field)
  return tonumber(call('HGET', META, field) or '0')
end

-- A message is found by its name: endpoint (8), what it is about (33), its number there (8). The first two are its line.
local function line_of(name)
  return string.sub(name, 1, 41)
end

local function endpoint_of(name)
  return string.sub(name, 1, 8)
end

-- When it is due (16), where it stands (1: l in line, a aside, d delivered, x dead), how many go first (8), what it says.
local function read(name)
  local value = call('HGET', MESSAGES, name)
  if not value then return nil end
  return {
    due = string.sub(value, 1, 16),
    stand = string.sub(value, 17, 17),
    past = tonumber(string.sub(value, 18, 25), 16),
    body = string.sub(value, 26),
  }
end

local function write(name, m)
  call('HSET', MESSAGES, name, m.due .. m.stand .. string.format('%08x', m.past) .. m.body)
end

-- The entry of the first message of a line: the line, its place (16), its number.
local function front(line)
  return call('ZRANGEBYLEX', LINES, '[' .. line, '(' .. line .. 'g', 'LIMIT', 0, 1)[1]
end

local function enqueue(name, due, body)
  local line = line_of(name)
  if not front(line) then
    call('ZADD', DUE, 0, due .. name)
  end
  local place = string.format('%016x', call('HINCRBY', META, 'place', 1))
  call('ZADD', LINES, 0, line .. place .. string.sub(name, 42))
  write(name, { due = due, stand = 'l', past = 0, body = body })
  call('HINCRBY', META, 'waiting', 1)
end

-- Lets the first message of a line go and makes the next one the first.
local function next_in_line(line)
  local first = front(line)
  if first then call('ZREM', LINES, first) end
  local second = front(line)
  if second then
    local name = line .. string.sub(second, 58)
    call('ZADD', DUE, 0, read(name).due .. name)
  end
end

-- Something has been sent to the endpoint, for which others may have waited.
local function let_pass(endpoint, at)
  for _, name in ipairs(call('ZRANGEBYLEX', ASIDE, '[' .. endpoint, '(' .. endpoint .. 'g')) do
    local m = read(name)
    if m.past > 0 then
      m.past = m.past - 1
      if m.past == 0 and call('ZREM', DUE, m.due .. name) == 1 then
        m.due = at
        call('ZADD', DUE, 0, at .. name)
      end
      write(name, m)
    end
  end
end

-- Keeps a message that nobody tries to deliver any more, and forgets the oldest of those.
local function keep(stand, name, due, body, kept_max)
  local list = stand == 'd' and DELIVERED or DEAD
  write(name, { due = due, stand = stand, past = 0, body = body })
  if call('RPUSH', list, name) > kept_max then
    call('HDEL', MESSAGES, call('LPOP', list))
  end
end

-- Takes everything that is on its way to an endpoint out of its lines and says what that was, in order.
local function drop_lines_to(endpoint)
  local low, high = '[' .. endpoint, '(' .. endpoint .. 'g'
  local names = call('ZRANGEBYLEX', ASIDE, low, high)
  for _, name in ipairs(names) do call('ZREM', ASIDE, name) end
  for _, entry in ipairs(call('ZRANGEBYLEX', LINES, low, high)) do
    call('ZREM', LINES, entry)
    names[#names + 1] = line_of(entry) .. string.sub(entry, 58)
  end
  for _, name in ipairs(names) do
    call('ZREM', DUE, read(name).due .. name)
    call('HDEL', OUT, name)
  end
  call('HINCRBY', META, 'waiting', 0 - #names)
  return names
end
