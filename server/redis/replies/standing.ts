/** What a script answered, from its reply as it stands. */

import { Strings } from './strings.ts'

/** The last of a reply may be `list`, an array, or `strings`, one of byte strings which are read where they stand. */
export type ReplyKind = 'int' | 'str' | 'bin' | 'list' | 'strings'

/** A reply as it stands: its values one after the other, arrays opened, by their places. */
export interface StandingReply {
  bytes: Buffer
  /** Begin and end of each value. */
  bounds: Int32Array
  count: number
}

export const isStanding = (reply: unknown): reply is StandingReply =>
  typeof reply === 'object' && reply !== null && 'bounds' in reply

/** Throws where it is none of the declared replies. `fieldsOf` are those of a tag, in their order. */
export function decodeStanding(
  { bytes, bounds, count }: StandingReply,
  fieldsOf: (tag: string) => readonly [field: string, kind: ReplyKind][],
): Record<string, unknown> {
  const values = new Strings(bytes, bounds, { first: 0, length: count })
  const tag = textAt(values, 0)
  const reply: Record<string, unknown> = { tag }
  let at = 0
  for (const [field, kind] of fieldsOf(tag)) {
    at += 1
    if (kind === 'strings')
      reply[field] = new Strings(bytes, bounds, { first: at, length: count - at })
    else if (kind === 'bin') reply[field] = values.at(at)
    else reply[field] = kind === 'int' ? Number(textAt(values, at)) : textAt(values, at)
  }
  return reply
}

const textAt = (values: Strings, at: number): string =>
  values.bytes.toString('utf8', values.begin(at), values.end(at))
