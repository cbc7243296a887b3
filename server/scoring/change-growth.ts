/** Gives or takes growth without an action of the viewer: what a refunded order brought, or what a merge moves. */

import { createHash } from 'node:crypto'
import { CAUSES, type Cause } from '../../shared/ledger.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { DAY_MS } from '../../shared/time.ts'
import { Packer, systemClock } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { accountKey, accountsKey, journalKey, REBUILT_HASH } from '../wallet/index.ts'
import source from './change-growth.lua'
import { keepPolicy, packThresholds } from './keep-policy.ts'
import { grownKey } from './keys.ts'
import { packWays } from './pack-ways.ts'

/** As long as an order can be refunded. */
export const GROWN_MS = 366 * DAY_MS
/** In the place of a rung: what a merge had brought goes, also where it was no growth. */
const FALLS = -1

const script = defineScript({
  name: 'scoring.change_growth',
  source,
  keys: ['account', 'accounts', 'journal', 'done'],
  args: {
    now_ms: 'int',
    number: 'int',
    journal_max: 'int',
    growth: 'int',
    first: 'int',
    least: 'int',
    thresholds: 'bin',
    ways: 'bin',
    keep: 'bin',
    cause: 'int',
    ref: 'str',
    subject: 'str',
    hash: 'str',
    kept_ms: 'int',
  },
  replies: {
    changed: { now_ms: 'int', growth: 'int', first: 'int', rung: 'int' },
    replayed: { now_ms: 'int', growth: 'int', first: 'int', rung: 'int' },
    conflict: {},
    busy: {},
    unreadable: {},
  },
})

export interface GrowthChange {
  account: number
  /** Once per account and id. */
  id: string
  /** Negative to take; never more is taken than there is. */
  growth: number
  cause: Cause
  /** What for: an order, another account. */
  subject: string
  /** The account counts as one that has had its first order. */
  firstOrder?: boolean
  /** Where growth is given: the account is on that rung afterwards, or on a higher one. */
  leastRung?: number
}

export type GrowthReply =
  /** `rung`: where the account was before. */
  | { tag: 'changed' | 'replayed'; growth: number; firstOrder: boolean; rung: number }
  | { tag: 'conflict' | 'busy' | 'unreadable' }

/** The rung follows at once and unannounced, up and down. Repeating it with the same id is safe. */
export async function changeGrowth(
  store: Store,
  at: { slot: SlotTag; book: Rulebook; journalMax: number; nowMs?: number },
  change: GrowthChange,
): Promise<GrowthReply> {
  const { account, id, growth, cause, subject, firstOrder = false, leastRung = 0 } = change
  const input = JSON.stringify([growth, cause, subject, firstOrder])
  const reply = await script.run(store, {
    keys: {
      account: accountKey(at.slot, account),
      accounts: accountsKey(at.slot),
      journal: journalKey(at.slot),
      done: grownKey(at.slot, account, id),
    },
    args: {
      now_ms: scriptNow(at.nowMs),
      number: account,
      journal_max: at.journalMax,
      growth,
      first: firstOrder ? 1 : 0,
      least: cause === 'merged_out' ? FALLS : leastRung,
      thresholds: packThresholds(at.book.ladder),
      ways: packWays(at.book),
      keep: keepPolicy(at.book, at.nowMs ?? systemClock.now()),
      cause: CAUSES[cause],
      ref: id,
      subject,
      hash: createHash('sha256').update(input).digest('hex').slice(0, 16),
      kept_ms: GROWN_MS,
    },
  })
  if (reply.tag !== 'changed' && reply.tag !== 'replayed') return reply
  const { tag, growth: changed, first, rung } = reply
  return { tag, growth: changed, firstOrder: first === 1, rung }
}

/** What was done under an id, as it is known after a rebuild: it stands for any input. */
export const packGrown = ({ growth, firstOrder }: Pick<GrowthChange, 'growth' | 'firstOrder'>) =>
  new Packer()
    .raw(Buffer.from(REBUILT_HASH))
    .u8(growth < 0 ? 1 : 0)
    .u48(Math.abs(growth))
    .u8(firstOrder ? 1 : 0)
    .bytes()
