-- Says how far the group is, lets go of entries that every group is done with, and strikes off consumers that are gone.
local function ms(id) return tonumber(string.match(id, '^%d+')) end
local done, lag, waiting, last = nil, 0, 0, '0-0'
for _, group in ipairs(redis.call('XINFO', 'GROUPS', K.stream)) do
  local is = {}
  for i = 1, #group, 2 do is[group[i]] = group[i + 1] end
  local upto = ms(is['last-delivered-id'])
  if is.pending > 0 then upto = ms(redis.call('XPENDING', K.stream, is.name)[2]) end
  if not done or upto < done then done = upto end
  if is.name == A.group then
    -- Redis does not know it where entries were deleted by hand; then it is at most this.
    lag, waiting, last = is.lag or redis.call('XLEN', K.stream), is.pending, is['last-delivered-id']
  end
end
local oldest = 0
if waiting > 0 then
  oldest = ms(redis.call('XPENDING', K.stream, A.group)[2])
else
  local fresh = redis.call('XRANGE', K.stream, '(' .. last, '+', 'COUNT', 1)[1]
  if fresh then oldest = ms(fresh[1]) end
end
local gone = {}
for _, one in ipairs(redis.call('XINFO', 'CONSUMERS', K.stream, A.group)) do
  local is = {}
  for i = 1, #one, 2 do is[one[i]] = one[i + 1] end
  if is.pending == 0 and is.idle > A.gone_ms then gone[#gone + 1] = is.name end
end

--@commit
for _, name in ipairs(gone) do redis.call('XGROUP', 'DELCONSUMER', K.stream, A.group, name) end
if done then redis.call('XTRIM', K.stream, 'MINID', '~', done) end
return reply.tended(lag, waiting, oldest)
