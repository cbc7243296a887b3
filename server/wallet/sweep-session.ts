/** The end of session points: lives that have ended, and the sweep of what they leave. */

import { assert } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { accountKey, endedKey, holdersKey, journalKey, totalsKey } from './keys.ts'
import source from './sweep-session.lua'

/** Accounts in one call: decoding more would hold up scoring for longer than a batch of it takes. */
export const SWEPT_PER_CALL = 200

const script = defineScript({
  name: 'wallet.sweep-session',
  source,
  keys: ['journal', 'totals', 'ended', 'holders'],
  args: { now_ms: 'int', live: 'int', journal_max: 'int' },
  each: { keys: ['account'], args: { number: 'int' } },
  replies: {
    swept: { accounts: 'int', points: 'int', unreadable: 'int' },
    busy: {},
    running: {},
  },
})

/** Nothing is earned or held in the live any more in this partition; may be repeated. */
export async function markEnded(store: Store, slot: SlotTag, live: number): Promise<void> {
  await store.sadd(endedKey(slot), live)
}

/** Two days later no command of that live can arrive any more. */
export async function forgetEnded(store: Store, slot: SlotTag, live: number): Promise<void> {
  await store.srem(endedKey(slot), live)
}

export interface Sweep {
  slot: SlotTag
  live: number
  journalMax: number
  nowMs?: number
}

export type SweepReply =
  | {
      tag: 'swept'
      /** Who had session points of the live. */
      accounts: number
      points: number
      /** Records this release cannot read; they stay on the list of holders. */
      unreadable: number
    }
  /** `busy`: the journal is full. `running`: the live has not ended in this partition. */
  | { tag: 'busy' | 'running' }

/** Up to 200 holders; who holds nothing is only struck off. */
export async function sweepSession(
  store: Store,
  { slot, live, journalMax, nowMs }: Sweep,
  holders: readonly number[],
): Promise<SweepReply> {
  assert(holders.length <= SWEPT_PER_CALL, 'too many accounts in one sweep')
  return script.run(store, {
    keys: {
      journal: journalKey(slot),
      totals: totalsKey(slot),
      ended: endedKey(slot),
      holders: holdersKey(slot, live),
    },
    args: { now_ms: scriptNow(nowMs), live, journal_max: journalMax },
    each: holders.map((account) => ({
      keys: { account: accountKey(slot, account) },
      args: { number: account },
    })),
  })
}

/** One page of the holders of a live; `next` is 0 at the end. Some may be named twice. */
export async function listHolders(
  store: Store,
  { slot, live, from }: { slot: SlotTag; live: number; from: string },
): Promise<{ next: string; holders: number[] }> {
  const [next, found] = await store.sscan(holdersKey(slot, live), from, 'COUNT', SWEPT_PER_CALL)
  return { next, holders: found.map(Number) }
}
