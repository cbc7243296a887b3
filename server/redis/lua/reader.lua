-- A reader of a journal: what it makes of elements is written together with how far it has got, so that each counts once.
local reader = {}

-- Both numbers of an id.
function reader.parse(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end

function reader.at(cursors, name)
  return redis.call('HGET', cursors, name) or '0-0'
end

-- Whether the element was dealt with.
function reader.passed(cursors, name, last)
  local last_ms, last_seq = reader.parse(last)
  local done_ms, done_seq = reader.parse(reader.at(cursors, name))
  return last_ms < done_ms or (last_ms == done_ms and last_seq <= done_seq)
end

-- Whether somebody else has moved the cursor since; it stood at `from`.
function reader.moved(cursors, name, from)
  return reader.at(cursors, name) ~= from
end

-- Trimming stays behind the cursors, so an element that is not there was lost with the end of the data.
function reader.lost(journal, last)
  return #redis.call('XRANGE', journal, last, last) == 0
end

function reader.commit(cursors, name, last)
  redis.call('HSET', cursors, name, last)
end
