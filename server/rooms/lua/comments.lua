-- The comment ring of a live: author account and JSON; ids rise by one for ever.
local comments = {KEPT_MAX = 200, SHOWN_MAX = 60}

-- `rest` is the comment's JSON without its first brace; id and time go in front.
function comments.commit_add(key, id, account, rest, now)
  local json = string.format('{"id":%.0f,"atMs":%.0f,', id, now) .. rest
  redis.call('XADD', key, 'MAXLEN', comments.KEPT_MAX, string.format('%.0f-0', id), 'account', account, 'json', json)
end

-- Newer than `after`, newest first; of more than 60 the older ones are left out.
function comments.check_after(key, after)
  local found = redis.call('XREVRANGE', key, '+', string.format('(%.0f-0', math.max(after, 0)), 'COUNT', comments.SHOWN_MAX)
  local list = {}
  for i, entry in ipairs(found) do list[i] = entry[2][4] end
  return list
end

-- Account and JSON of one comment; nil where the ring has let go of it.
function comments.check_one(key, id)
  local at = string.format('%.0f-0', id)
  local found = redis.call('XRANGE', key, at, at)[1]
  if found then return found[2][2], found[2][4] end
end
