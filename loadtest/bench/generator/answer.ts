/** What the answer to a like says, found in its bytes: parsing all of it would cost as much as hearing it. */

import type { Said } from './speech.ts'

const OPEN_BRACKET = '['.charCodeAt(0)
const ZERO = '0'.charCodeAt(0)
const NINE = '9'.charCodeAt(0)
/** `43`, which every ack begins with. */
const KIND_BYTES = 2
const TAKEN = Buffer.from('[{"ok":true,')
const DUP = Buffer.from('"dup":true,')
const SPENDABLE = Buffer.from('"spendable":')
const RECEIPTS = Buffer.from('"receipts":[')
const POINTS = Buffer.from('"points":')

export interface Answer {
  /** Number of the command. */
  seq: number
  ok: boolean
  dup: boolean
  /** The balance that it shows; -1 where it shows none. */
  spendable: number
  /** Of all its receipts. */
  points: number
}

const startsAt = ({ bytes, to }: Said, text: Buffer, at: number): boolean =>
  at + text.length <= to && bytes.compare(text, 0, text.length, at, at + text.length) === 0

/** The whole number that begins here. */
function numberAt(bytes: Buffer, at: number): number {
  let value = 0
  for (let i = at; ; i++) {
    const digit = bytes[i] ?? 0
    if (digit < ZERO || digit > NINE) return value
    value = value * 10 + (digit - ZERO)
  }
}

/** Behind the next `text`; -1 where there is none. */
function behind({ bytes, to }: Said, text: Buffer, from: number): number {
  const at = bytes.indexOf(text, from)
  return at < 0 || at + text.length > to ? -1 : at + text.length
}

/** Reads an ack. */
export function readAnswer(said: Said): Answer {
  const { bytes, from, to } = said
  let at = from + KIND_BYTES
  const seq = numberAt(bytes, at)
  while (at < to && bytes[at] !== OPEN_BRACKET) at++
  const answer = { seq, ok: startsAt(said, TAKEN, at), dup: false, spendable: -1, points: 0 }
  if (!answer.ok) return answer
  answer.dup = startsAt(said, DUP, at + TAKEN.length)
  const balance = behind(said, SPENDABLE, at)
  if (balance >= 0) answer.spendable = numberAt(bytes, balance)
  let receipts = behind(said, RECEIPTS, at)
  while (receipts >= 0) {
    receipts = behind(said, POINTS, receipts)
    if (receipts >= 0) answer.points += numberAt(bytes, receipts)
  }
  return answer
}
