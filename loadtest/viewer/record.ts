/** What a viewer writes down about its commands: the clients' side of the audit. */

export interface SessionRecord {
  /** Of the client session, as the journal names it. */
  nonce: number
  /** Sequence number and points of each command answered as applied; null where a repeat told no points. */
  acknowledged: [seq: number, points: number | null][]
  /** Left and never answered; they may have been credited or not. */
  open: number[]
  /** Refused for good. */
  dropped: [seq: number, code: string][]
}

export interface ViewerRecord {
  viewer: number
  /** The account as people see it; empty where the viewer was never let in. */
  account: string
  /** Of its connection when it left: `online`, or why not. */
  phase: string
  sessions: SessionRecord[]
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Account and start of the session, 6 bytes each, are 16 characters; the next 32 bits are the nonce. */
const NONCE_AT = 16
const NONCE_CHARS = 6

/** The nonce in a client session's signed name. By hand, because k6 has no Buffer. */
export function nonceOf(session: string): number {
  let bits = 0
  for (const char of session.slice(NONCE_AT, NONCE_AT + NONCE_CHARS))
    bits = bits * 64 + ALPHABET.indexOf(char)
  return Math.floor(bits / 16)
}
