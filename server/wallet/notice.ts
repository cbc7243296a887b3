/** What is said before points expire, as a ledger entry: devices, history and webhooks all learn of it the same way. */

import { CAUSES } from '../../shared/ledger.ts'
import { DAY_MS } from '../../shared/time.ts'
import { assert } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { accountKey, journalKey, toldKey, totalsKey } from './keys.ts'
import source from './notice.lua'
import { SWEPT_PER_CALL } from './sweep-session.ts'

const script = defineScript({
  name: 'wallet.notice',
  source,
  keys: ['journal', 'totals', 'told'],
  args: {
    now_ms: 'int',
    journal_max: 'int',
    cause: 'int',
    lot_month: 'int',
    expires_ms: 'int',
    kept_ms: 'int',
  },
  each: { keys: ['account'], args: { number: 'int' } },
  replies: { told: { accounts: 'int' }, busy: {} },
})

/** Beyond the month: a worker that comes back after a long time does not tell anybody again. */
const TOLD_KEPT_MS = 60 * DAY_MS

export interface Notice {
  slot: SlotTag
  journalMax: number
  /** `expiring`: so many days before. `burn_week`: it has begun. */
  cause: 'expiring' | 'burn_week'
  month: number
  expiresAtMs: number
  nowMs?: number
}

/** Up to 200 accounts of one partition; each is told once for a cause and month, however often it is repeated. */
export function notice(store: Store, of: Notice, accounts: readonly number[]) {
  assert(accounts.length <= SWEPT_PER_CALL, 'too many accounts in one notice')
  return script.run(store, {
    keys: {
      journal: journalKey(of.slot),
      totals: totalsKey(of.slot),
      told: toldKey(of.slot, of.cause, of.month),
    },
    args: {
      now_ms: scriptNow(of.nowMs),
      journal_max: of.journalMax,
      cause: CAUSES[of.cause],
      lot_month: of.month,
      expires_ms: of.expiresAtMs,
      kept_ms: TOLD_KEPT_MS,
    },
    each: accounts.map((account) => ({
      keys: { account: accountKey(of.slot, account) },
      args: { number: account },
    })),
  })
}
