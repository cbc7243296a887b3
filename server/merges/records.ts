/** Merges as they are kept: which accounts, and how far they are. */

import { z } from 'zod'
import { must } from '../kernel/index.ts'
import { defineScript, type Store } from '../redis/index.ts'
import beginSource from './begin-merge.lua'
import { mergedFromKey, mergedIntoKey, mergesDueKey, mergesKey } from './keys.ts'
import { CHAIN_MAX, MERGES_MAX } from './limits.ts'
import markSource from './mark-merge.lua'

/** A look at a merge did not get to its end; the next one goes on. */
export class NotYet extends Error {}

const KEYS = ['merges', 'into', 'former', 'due'] as const
const keys = { merges: mergesKey, into: mergedIntoKey, former: mergedFromKey, due: mergesDueKey }
/** Who they are and since when, for the index of those that went into an account. */
const FROM_ARGS = { from: 'str', target: 'str', at_ms: 'int' } as const
const fromArgs = ({ from, into, atMs }: MergeRecord) => ({
  from: String(from),
  target: String(into),
  at_ms: atMs,
})

const beginScript = defineScript({
  name: 'merges.begin',
  source: beginSource,
  keys: KEYS,
  args: { ...FROM_ARGS, id: 'str', record: 'str', due_ms: 'int', max: 'int' },
  replies: { begun: {}, kept: { record: 'str' }, merged: {}, full: {} },
})

const markScript = defineScript({
  name: 'merges.mark',
  source: markSource,
  keys: KEYS,
  args: { ...FROM_ARGS, id: 'str', was: 'str', record: 'str', due_ms: 'int', free: 'str' },
  replies: { marked: {}, changed: {} },
})

const Amounts = z.object({ points: z.number(), growth: z.number() })
export type Amounts = z.infer<typeof Amounts>

export const MergeRecord = z.object({
  id: z.string(),
  brand: z.string(),
  from: z.number(),
  into: z.number(),
  by: z.string(),
  atMs: z.number(),
  state: z.enum(['active', 'undoing', 'undone']),
  /** Times that points and growth were moved: later ones bring what was still on its way. */
  rounds: z.number(),
  grown: z.number(),
  /** Times that moving growth was begun; nothing else tells of one that a crash cut off. */
  growing: z.number(),
  moved: Amounts,
  /** What an undo brought back. */
  back: Amounts.optional(),
})
export type MergeRecord = z.infer<typeof MergeRecord>

/** The hold by which a round moves points. */
export const holdOf = (merge: string, round: number): string => `m-${merge}-${round}`

/** A record and its text, by which a change finds that nobody else was quicker. */
export interface Kept {
  record: MergeRecord
  text: string
}

const keptOf = (text: string): Kept => ({ record: MergeRecord.parse(JSON.parse(text)), text })

/** The same id again is taken up where it stands; `merged` where one of the accounts was merged away. */
export async function beginMerge(
  store: Store,
  record: MergeRecord,
): Promise<{ tag: 'begun'; kept: Kept } | { tag: 'merged' | 'full' }> {
  const text = JSON.stringify(record)
  const reply = await beginScript.run(store, {
    keys,
    args: {
      ...fromArgs(record),
      id: record.id,
      record: text,
      due_ms: record.atMs,
      max: MERGES_MAX,
    },
  })
  if (reply.tag === 'merged' || reply.tag === 'full') return reply
  return { tag: 'begun', kept: keptOf(reply.tag === 'kept' ? reply.record : text) }
}

export async function readMerge(store: Store, id: string): Promise<Kept | undefined> {
  const text = await store.hget(mergesKey, id)
  return text === null ? undefined : keptOf(text)
}

/** Throws `NotYet` where somebody else changed it meanwhile. `dueMs` 0: it is not looked at again. */
export async function markMerge(
  store: Store,
  { record, text }: Kept,
  { change, dueMs, free = false }: { change: Partial<MergeRecord>; dueMs: number; free?: boolean },
): Promise<Kept> {
  const next = { ...record, ...change }
  const nextText = JSON.stringify(next)
  const reply = await markScript.run(store, {
    keys,
    args: {
      ...fromArgs(record),
      id: record.id,
      was: text,
      record: nextText,
      due_ms: dueMs,
      free: free ? String(record.from) : '',
    },
  })
  if (reply.tag !== 'marked') throw new NotYet()
  return { record: next, text: nextText }
}

export const dueMerges = (store: Store, untilMs: number, limit: number): Promise<string[]> =>
  store.zrangebyscore(mergesDueKey, 0, untilMs, 'LIMIT', 0, limit)

/** The merge of an account that went into another, or undefined. */
export async function mergeOf(
  store: Store,
  account: number,
): Promise<{ into: number; id: string } | undefined> {
  const text = await store.hget(mergedIntoKey, String(account))
  if (text === null) return undefined
  const [into, id] = text.split(' ')
  return { into: Number(into), id: must(id, 'the id of a merge') }
}

/** Where an account's points are by now. */
export async function settledIn(store: Store, account: number): Promise<number> {
  let now = account
  for (let i = 0; i < CHAIN_MAX; i++) {
    const merge = await mergeOf(store, now)
    if (!merge) return now
    now = merge.into
  }
  throw new Error('a chain of merges without an end')
}

export interface Former {
  account: number
  /** What the account did from then on was done for this one, too; Unix ms. */
  sinceMs: number
}

/** The accounts that have become one with it. */
export const formerAccounts = async (store: Store, account: number): Promise<number[]> =>
  ((await formerOf(store, [account])).get(account) ?? []).map((former) => former.account)

const FORMER = /(\d+):(\d+) /g

/** The accounts that have become one with each of these, over all merges; those of nobody are left out. */
export async function formerOf(
  store: Store,
  accounts: readonly number[],
): Promise<Map<number, Former[]>> {
  const found = new Map<number, Former[]>()
  let looking = accounts.map((account) => ({ account, at: account, sinceMs: 0 }))
  for (let i = 0; looking.length > 0; i++) {
    if (i > CHAIN_MAX) throw new Error('a chain of merges without an end')
    const kept = await store.hmget(mergedFromKey, ...looking.map(({ at }) => String(at)))
    looking = looking.flatMap(({ account, sinceMs }, n) =>
      [...(kept[n] ?? '').matchAll(FORMER)].map(([, from, atMs]) => ({
        account,
        at: Number(from),
        sinceMs: Math.max(sinceMs, Number(atMs)),
      })),
    )
    for (const { account, at, sinceMs } of looking)
      found.set(account, [...(found.get(account) ?? []), { account: at, sinceMs }])
  }
  return found
}

/** Something follows into an account that was merged away itself: its own merge has to look again. */
export const lookAgain = (store: Store, id: string, atMs: number): Promise<unknown> =>
  store.zadd(mergesDueKey, atMs, id)
