/**
 * The part of Engine.IO 4 and Socket.IO 5 that the gateway speaks: text frames of one namespace, no attachments.
 * What a frame says is decided here alone; the library's own words for the same are the measure in the tests.
 */

/** First character: Engine.IO. */
export const OPEN = '0'
export const PING = '2'
export const PONG = '3'
/** First two characters: Socket.IO in a message of Engine.IO. */
export const CONNECT = '40'
export const DISCONNECT = '41'
export const EVENT = '42'
export const ACK = '43'
export const REFUSED = '44'

export type Packet =
  | { kind: 'pong' | 'disconnect' | 'nothing' }
  | { kind: 'connect'; auth: unknown }
  | { kind: 'event'; name: unknown; input: unknown; ack: number | undefined }

/** Names that Socket.IO keeps for itself; a client that sends one breaks the protocol. */
const RESERVED = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
])
const NOTHING: Packet = { kind: 'nothing' }
/** Frames of Engine.IO that say nothing to a server which upgrades nothing: close, upgrade, noop. */
const IDLE = new Set(['1', '5', '6'])
/** An acknowledgement's number has at most this many digits, so that it stays a number. */
const HEAD = /^42(\d{0,15})(?=\[|$)/

/** What a text frame says; undefined where it breaks the protocol. */
export function readPacket(text: string): Packet | undefined {
  if (text === PONG) return { kind: 'pong' }
  if (IDLE.has(text[0] ?? '')) return NOTHING
  switch (text.slice(0, 2)) {
    case CONNECT:
      return readConnect(text.slice(2))
    case DISCONNECT:
      return { kind: 'disconnect' }
    case EVENT:
      return readEvent(text)
    case ACK:
      // Nothing here asks a client for one.
      return isAnswer(text.slice(2).replace(/^\d+/, '')) ? NOTHING : undefined
  }
  return undefined
}

function readConnect(text: string): Packet | undefined {
  const auth = text === '' ? {} : parse(text)
  return typeof auth === 'object' && auth !== null && !Array.isArray(auth)
    ? { kind: 'connect', auth }
    : undefined
}

function readEvent(text: string): Packet | undefined {
  const head = HEAD.exec(text)
  if (!head) return undefined
  const digits = head[1] ?? ''
  const ack = digits === '' ? undefined : Number(digits)
  const said = text.slice(head[0].length)
  // An event of no name, which is no command; nobody can wait for its answer.
  if (said === '') return { kind: 'event', name: undefined, input: undefined, ack: undefined }
  const body = parse(said)
  if (!Array.isArray(body)) return undefined
  const [name, input] = body as unknown[]
  const named = typeof name === 'number' || (typeof name === 'string' && !RESERVED.has(name))
  return named ? { kind: 'event', name, input, ack } : undefined
}

const isAnswer = (text: string): boolean => text === '' || Array.isArray(parse(text))

/** Undefined where it is no JSON; no JSON says undefined. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
