-- Keeps a text that several may change, unless somebody else has changed it since it was read. Empty: there is none any more.
--@include "../redis/lua/time.lua"
local last, document = string.match(redis.call('GET', K.document) or '0 0 ', '^(%d+) %d+ (.*)$')
if (document == '' and 0 or tonumber(last)) ~= A.revision then return reply.changed() end

-- Rises for ever: by the clock should Redis have lost it, and what is given up leaves its number behind.
local now = time.now(A.now_ms)
local revision = math.max(now, tonumber(last) + 1)

--@commit
redis.call('SET', K.document, string.format('%.0f %.0f ', revision, now) .. A.document)
return reply.saved(revision, now)
