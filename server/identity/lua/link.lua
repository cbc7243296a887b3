-- A link as its account keeps it: state, nonce, time, then what only TypeScript reads.
local link = {LINKING = 'l', LINKED = 'k', LEAVING = 'u', ERASED = 'erased'}

function link.make(state, nonce, now_ms, rest)
  return state .. nonce .. string.format('%013.0f', now_ms) .. rest
end

function link.state(text)
  return string.sub(text, 1, 1)
end

function link.nonce(text)
  return string.sub(text, 2, 13)
end

function link.as(text, state)
  return state .. string.sub(text, 2)
end
