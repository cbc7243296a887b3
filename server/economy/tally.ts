/** Counting a partition's journal, day by day, each element once. */

import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import beginSource from './begin-tally.lua'
import { countedKey, membersKey, studyKey, tallyKey, usedKey } from './keys.ts'
import { STUDIED_MAX, STUDY_KEPT_MS, TALLY_KEPT_MS } from './limits.ts'
import noteSource from './note-used.lua'
import source from './tally.lua'

/** Name of the cursor. It is stored. */
export const CONSUMER = 'economy'

const beginScript = defineScript({
  name: 'economy.begin_tally',
  source: beginSource,
  keys: ['counted', 'cursors', 'journal', 'totals', 'accounts'],
  args: { consumer: 'str', now_ms: 'int' },
  replies: { begun: {} },
})
const script = defineScript({
  name: 'economy.tally',
  source,
  keys: ['counted', 'tally', 'used', 'members', 'cursors', 'journal'],
  args: {
    consumer: 'str',
    after: 'str',
    last: 'str',
    day: 'int',
    at_ms: 'int',
    of_day: 'str',
    counted: 'str',
    used: 'str',
    members: 'str',
    kept_ms: 'int',
    study_max: 'int',
    study_ms: 'int',
  },
  each: { keys: ['set'], args: { accounts: 'str', study: 'int' } },
  replies: { counted: {}, moved: { cursor: 'str' }, gone: {} },
})
const noteScript = defineScript({
  name: 'economy.note_used',
  source: noteSource,
  keys: ['counted', 'used'],
  args: { accounts: 'str' },
  replies: { noted: { fresh: 'int' } },
})

/** Keys of others in the same slot. */
export interface Beside {
  cursors: string
  journal: string
}

/** Begins to count, once: from the first element of the journal, or from what there is by now. */
export async function beginTally(
  store: Store,
  slot: SlotTag,
  of: Beside & { totals: string; accounts: string; nowMs: number },
): Promise<void> {
  const { nowMs, ...keys } = of
  await beginScript.run(store, {
    keys: { counted: countedKey(slot), ...keys },
    args: { consumer: CONSUMER, now_ms: nowMs },
  })
}

/** Notes accounts that had spent points before counting began. */
export async function noteUsed(store: Store, slot: SlotTag, accounts: number[]): Promise<void> {
  await noteScript.run(store, {
    keys: { counted: countedKey(slot), used: usedKey(slot) },
    args: { accounts: JSON.stringify(accounts) },
  })
}

/** Whether those who were there before counting began were looked through. */
export const isWalked = async (store: Store, slot: SlotTag): Promise<boolean> =>
  (await store.hexists(countedKey(slot), 'walked')) === 1

export async function walked(store: Store, slot: SlotTag): Promise<void> {
  await store.hset(countedKey(slot), 'walked', 1)
}

/** What elements of one day say, all of one partition. */
export interface Tally {
  day: number
  /** Redis time of the last of them. */
  atMs: number
  /** Sums of the day, by field. */
  ofDay: Readonly<Record<string, number>>
  /** Changes of what there is: points by bucket, accounts. */
  counted: Readonly<Record<string, number>>
  /** Accounts that spent points, and that registered. */
  used: readonly number[]
  members: readonly number[]
  /** Accounts to note in sets of the day. */
  sets: readonly { set: string; accounts: readonly number[] }[]
  /** Per study what is to be added to the numbers of each account. */
  studies?: ReadonlyMap<string, Readonly<Record<string, readonly number[]>>>
}

/** `moved`: the cursor is not where the caller thought. `gone`: the journal has lost the newest of the elements. */
export async function tally(
  store: Store,
  of: Beside & { slot: SlotTag; after: string; last: string },
  what: Tally,
): Promise<{ tag: 'counted' } | { tag: 'moved'; cursor: string } | { tag: 'gone' }> {
  const { slot, cursors, journal, after, last } = of
  return script.run(store, {
    keys: {
      counted: countedKey(slot),
      tally: tallyKey(slot, what.day),
      used: usedKey(slot),
      members: membersKey(slot),
      cursors,
      journal,
    },
    args: {
      consumer: CONSUMER,
      after,
      last,
      day: what.day,
      at_ms: what.atMs,
      of_day: JSON.stringify(what.ofDay),
      counted: JSON.stringify(what.counted),
      used: JSON.stringify(what.used),
      members: JSON.stringify(what.members),
      kept_ms: TALLY_KEPT_MS,
      study_max: STUDIED_MAX,
      study_ms: STUDY_KEPT_MS,
    },
    each: [
      ...what.sets.map(({ set, accounts }) => ({
        keys: { set },
        args: { accounts: JSON.stringify(accounts), study: 0 },
      })),
      ...[...(what.studies ?? [])].map(([study, added]) => ({
        keys: { set: studyKey(slot, study) },
        args: { accounts: JSON.stringify(added), study: 1 },
      })),
    ],
  })
}
