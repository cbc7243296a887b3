-- Records that begin with the number of their change, '>I4'; 0 is that of a record which is not there.
local revision = {}

function revision.of(record)
  local head = redis.call('GETRANGE', record, 0, 3)
  return #head == 4 and struct.unpack('>I4', head) or 0
end
