/** WebSocket frames by hand (RFC 6455), without compression: the load must cost less than what it measures. */

const TEXT = 0x81
const MASKED = 0x80
const LENGTH_16 = 126
const LENGTH_64 = 127
const SMALL_MAX = 125
const U16_MAX = 0xffff
/** A client must mask. Masking with zeros leaves the text as it is. */
const MASK = '\0\0\0\0'

export const TEXT_OPCODE = 1
export const CLOSE_OPCODE = 8
export const PING_OPCODE = 9

/** A client's frame with ASCII text, as a string to be written as `latin1`. */
export function textFrame(text: string): string {
  const { length } = text
  if (length <= SMALL_MAX) return String.fromCharCode(TEXT, MASKED | length) + MASK + text
  if (length > U16_MAX) throw new Error('a viewer says nothing that long')
  const head = String.fromCharCode(TEXT, MASKED | LENGTH_16, length >> 8, length & 0xff)
  return head + MASK + text
}

/** An empty pong. */
export const PONG_FRAME = String.fromCharCode(0x8a, MASKED) + MASK

type HearFrame = (opcode: number, from: number, to: number) => void

/** Calls `hear` with the bounds of each whole frame of a server; answers where the first that is not whole begins. */
export function readFrames(bytes: Buffer, end: number, hear: HearFrame): number {
  let at = 0
  while (at + 2 <= end) {
    const opcode = (bytes[at] ?? 0) & 0x0f
    let length = (bytes[at + 1] ?? 0) & 0x7f
    let from = at + 2
    if (length === LENGTH_16) {
      if (from + 2 > end) break
      length = bytes.readUInt16BE(from)
      from += 2
    } else if (length === LENGTH_64) {
      if (from + 8 > end) break
      length = Number(bytes.readBigUInt64BE(from))
      from += 8
    }
    if (from + length > end) break
    hear(opcode, from, from + length)
    at = from + length
  }
  return at
}
