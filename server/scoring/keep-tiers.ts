/** Decides for those who stay away whether they keep their rung; for all others their next action does. */

import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { assert } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { accountKey, journalKey, SWEPT_PER_CALL } from '../wallet/index.ts'
import { keepPolicy, packThresholds } from './keep-policy.ts'
import source from './keep-tiers.lua'
import { packWays } from './pack-ways.ts'

const script = defineScript({
  name: 'scoring.keep_tiers',
  source,
  keys: ['journal'],
  args: { now_ms: 'int', journal_max: 'int', thresholds: 'bin', ways: 'bin', keep: 'bin' },
  each: { keys: ['account'], args: { number: 'int' } },
  replies: { kept: { told: 'list' }, busy: {} },
})

export interface KeepTiers {
  slot: SlotTag
  book: Rulebook
  journalMax: number
  /** Of this process, to know which day it may be. */
  aroundMs: number
  nowMs?: number
}

/** Up to 200 accounts of one partition; `told` are those that were warned or fell. Harmless to repeat. */
export async function keepTiers(
  store: Store,
  { slot, book, journalMax, aroundMs, nowMs }: KeepTiers,
  accounts: readonly number[],
): Promise<{ tag: 'kept'; told: number[] } | { tag: 'busy' }> {
  assert(accounts.length <= SWEPT_PER_CALL, 'too many accounts in one call')
  const reply = await script.run(store, {
    keys: { journal: journalKey(slot) },
    args: {
      now_ms: scriptNow(nowMs),
      journal_max: journalMax,
      thresholds: packThresholds(book.ladder),
      ways: packWays(book),
      keep: keepPolicy(book, nowMs ?? aroundMs),
    },
    each: accounts.map((account) => ({
      keys: { account: accountKey(slot, account) },
      args: { number: account },
    })),
  })
  return reply.tag === 'busy' ? reply : { tag: 'kept', told: reply.told.map(Number) }
}
