/** How a viewer of each kind of server speaks; everything a server is measured by is said here. */

/** What a text of the server means to the viewer who hears it. */
export type Heard = 'ready' | 'answer' | 'refused' | 'ping' | 'hello' | 'other'

/** A text between two places of bytes that are only there while it is heard. */
export interface Said {
  bytes: Buffer
  from: number
  to: number
}

export interface Speech {
  /** Of the upgrade request. */
  path: string
  /** Whoever is connected is ready; no word is waited for. */
  readyAtOnce: boolean
  /** Said upon the server's hello. */
  introduction(ticket: string): string
  meaning(said: Said): Heard
  /** Something that counts; `acked`: the server shall answer it. */
  event(seq: number, count: number, acked: boolean): string
}

const [ZERO, TWO, THREE, FOUR] = Buffer.from('0234')
const OPEN_BRACKET = '['.charCodeAt(0)
const REFUSED_TEXT = Buffer.from('42["command.refused"')
const OK = Buffer.from('[{"ok":true')
/** Digits of an ack's number. */
const NUMBER_MAX = 12

/** Whether an ack, from its number on, says that the command was taken. */
function isTaken(bytes: Buffer, from: number, to: number): boolean {
  let at = from
  while (at < to && at - from < NUMBER_MAX && bytes[at] !== OPEN_BRACKET) at++
  return to - at >= OK.length && bytes.compare(OK, 0, OK.length, at, at + OK.length) === 0
}

const startsWith = ({ bytes, from, to }: Said, text: Buffer): boolean =>
  to - from >= text.length && bytes.compare(text, 0, text.length, from, from + text.length) === 0

interface SocketIoWords {
  /** The text after which the viewer may begin. */
  ready: string
  /** What answers commands that asked for no acknowledgement. */
  scored?: string
  auth: (ticket: string) => object
  event: Speech['event']
}

/** Engine.IO and Socket.IO, as text. */
function socketIo({ ready, scored, auth, event }: SocketIoWords): Speech {
  const readyText = Buffer.from(ready)
  const scoredText = scored === undefined ? undefined : Buffer.from(scored)
  return {
    path: '/socket.io/?EIO=4&transport=websocket',
    readyAtOnce: false,
    introduction: (ticket) => `40${JSON.stringify(auth(ticket))}`,
    meaning(said) {
      const { bytes, from, to } = said
      const [kind, what] = [bytes[from], bytes[from + 1]]
      if (kind === TWO) return 'ping'
      if (kind === ZERO) return 'hello'
      if (kind !== FOUR) return 'other'
      if (what === THREE) return isTaken(bytes, from + 2, to) ? 'answer' : 'refused'
      if (what === FOUR) return 'refused'
      if (startsWith(said, readyText)) return 'ready'
      if (scoredText && startsWith(said, scoredText)) return 'answer'
      return startsWith(said, REFUSED_TEXT) ? 'refused' : 'other'
    },
    event,
  }
}

const like = (seq: number, count: number, acked: boolean): string =>
  `42${acked ? seq : ''}["like.send",{"seq":${seq},"count":${count}}]`

const WELCOME = '42["session.welcomed"'

/** A hand-made protocol: one JSON object either way. */
const json: Speech = {
  path: '/',
  readyAtOnce: true,
  introduction: () => '',
  meaning: () => 'answer',
  event: (seq, count) => `{"t":"like.send","id":${seq},"d":{"seq":${seq},"count":${count}}}`,
}

export const SPEECHES = {
  fanfare: socketIo({
    ready: WELCOME,
    auth: (ticket) => ({ protocol: 1, ticket }),
    event: like,
  }),
  /** The same for a client that wants one answer for all commands of a moment. */
  fanfareWatermark: socketIo({
    ready: WELCOME,
    scored: '42["commands.scored"',
    auth: (ticket) => ({ protocol: 1, ticket, acks: 'watermark' }),
    event: (seq, count) => like(seq, count, false),
  }),
  socketIo: socketIo({ ready: '40', auth: () => ({}), event: like }),
  json,
  /** Says nothing. */
  listener: { ...json, meaning: () => 'other' },
} satisfies Record<string, Speech>
export type SpeechName = keyof typeof SPEECHES
