/** Notice before points expire, as a ledger entry: devices, history and webhooks all learn of it the same way. */

import { assert } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { accountKey, journalKey, totalsKey } from './keys.ts'
import source from './notice.lua'
import { SWEPT_PER_CALL } from './sweep-session.ts'

const script = defineScript({
  name: 'wallet.notice',
  source,
  keys: ['journal', 'totals'],
  args: { now_ms: 'int', journal_max: 'int', lot_month: 'int', expires_ms: 'int' },
  each: { keys: ['account'], args: { number: 'int' } },
  replies: { told: { accounts: 'int' }, busy: {} },
})

/** Up to 200 accounts of one partition. A repeat tells them again. */
export function notice(
  store: Store,
  of: { slot: SlotTag; journalMax: number; month: number; expiresAtMs: number; nowMs?: number },
  accounts: readonly number[],
) {
  assert(accounts.length <= SWEPT_PER_CALL, 'too many accounts in one notice')
  return script.run(store, {
    keys: { journal: journalKey(of.slot), totals: totalsKey(of.slot) },
    args: {
      now_ms: scriptNow(of.nowMs),
      journal_max: of.journalMax,
      lot_month: of.month,
      expires_ms: of.expiresAtMs,
    },
    each: accounts.map((account) => ({
      keys: { account: accountKey(of.slot, account) },
      args: { number: account },
    })),
  })
}
