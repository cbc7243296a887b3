/** One partition's journal in Redis: reading it, remembering how far each consumer got, trimming it. */

import { must } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import { journalKey } from '../wallet/index.ts'
import { formatId, JournalElement, parseId, type StreamId, ZERO } from './element.ts'
import { cursorsKey } from './keys.ts'
import trimSource from './trim.lua'

/** The consumers of a journal. The names are stored. */
export const KINDS = [
  'segments',
  'moments',
  'claims',
  'history',
  'webhooks',
  'lives',
  'invites',
  'economy',
  'targeting',
  'sales',
  'boards',
  'clubs',
  'teams',
] as const
export type Kind = (typeof KINDS)[number]

/** Elements after an id, oldest first. */
export async function readAfter(
  store: Store,
  slot: SlotTag,
  { after, limit }: { after: StreamId; limit: number },
): Promise<JournalElement[]> {
  const found = await store.xrangeBuffer(
    journalKey(slot),
    `(${formatId(after)}`,
    '+',
    'COUNT',
    limit,
  )
  return found.map(
    ([id, fields]) =>
      new JournalElement(parseId(String(id)), must(fields[1], 'bytes of a journal element')),
  )
}

/**
 * Id of the newest element that was ever written: of what `XINFO STREAM` answered in a transaction. It tells a change also
 * where elements were archived and trimmed meanwhile, and none where only that happened.
 */
export function readNewest([error, info]: [Error | null, unknown]): string {
  if (error?.message.includes('no such key')) return ''
  if (error) throw error
  const fields = info as unknown[]
  return String(fields[fields.indexOf('last-generated-id') + 1])
}

export async function readCursors(store: Store, slot: SlotTag): Promise<Map<Kind, StreamId>> {
  const stored = await store.hmget(cursorsKey(slot), ...KINDS)
  return new Map(
    KINDS.map((kind, i) => {
      const text = stored[i]
      return [kind, text ? parseId(text) : ZERO]
    }),
  )
}

/** Says that a consumer has dealt with everything up to and including `id`. */
export async function writeCursor(
  store: Store,
  slot: SlotTag,
  { kind, id }: { kind: Kind; id: StreamId },
): Promise<void> {
  await store.hset(cursorsKey(slot), kind, formatId(id))
}

const trimScript = defineScript({
  name: 'worker.trim',
  source: trimSource,
  keys: ['journal', 'cursors'],
  args: { consumers: 'int' },
  replies: { trimmed: { left: 'int', removed: 'int' } },
})

/** Removes what every consumer has dealt with; answers how many elements are left. */
export async function trimJournal(store: Store, slot: SlotTag): Promise<number> {
  const { left } = await trimScript.run(store, {
    keys: { journal: journalKey(slot), cursors: cursorsKey(slot) },
    args: { consumers: KINDS.length },
  })
  return left
}
