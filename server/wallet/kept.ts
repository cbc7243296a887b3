/** What an account has beside points, as journals hold it; the layout is that of lua/kept.lua. */

import { must, Packer, type Unpacker } from '../kernel/index.ts'

/** The number is what journals store; it is never reused. */
const KEPT = {
  ...{ invite: 1, order: 2, pass: 3, owned: 4, note: 5 },
  ...{ club: 6, club_todo: 7, club_read: 8 },
} as const
export type KeptKind = keyof typeof KEPT

/** Fields of one hash of an account, as they are from then on. */
export interface KeptEntry {
  account: number
  kind: KeptKind
  /** Which of the account's hashes of that kind; empty where there is one. */
  key: string
  /** Empty where the hash is gone. */
  fields: [name: string, value: Buffer][]
}

const KINDS = new Map<number, KeptKind>(
  Object.entries(KEPT).map(([name, no]) => [no, name as KeptKind]),
)

export function readKept(from: Unpacker): KeptEntry {
  const account = from.u48()
  const kind = must(KINDS.get(from.u8()), 'a kind of what is kept')
  const entry: KeptEntry = { account, kind, key: from.text(), fields: [] }
  for (let n = from.u8(); n > 0; n--) entry.fields.push([from.text(), from.raw(from.u16())])
  return entry
}

const VERSION = 6
/** About what an entry takes. */
const ENTRY_BYTES = 128

/** An element without its time, which stands behind its first byte: for scripts that are told what to write. */
export function packKept(entries: readonly KeptEntry[]): Buffer {
  const into = new Packer(ENTRY_BYTES * (entries.length + 1)).u8(VERSION).u16(entries.length)
  for (const { account, kind, key, fields } of entries) {
    into.u48(account).u8(KEPT[kind]).text(key).u8(fields.length)
    for (const [name, value] of fields) into.text(name).u16(value.length).raw(value)
  }
  return into.bytes()
}
