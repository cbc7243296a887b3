/** The turn of a month: points whose time has come leave the accounts of a partition. */

import { assert } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import source from './expire.lua'
import { accountKey, journalKey, totalsKey } from './keys.ts'
import { PURSE_ARGS, purseArgs } from './purse.ts'
import { SWEPT_PER_CALL } from './sweep-session.ts'

const { number: _, ...ARGS } = PURSE_ARGS

const script = defineScript({
  name: 'wallet.expire',
  source,
  keys: ['journal', 'totals'],
  args: ARGS,
  each: { keys: ['account'], args: { number: 'int' } },
  replies: { swept: { accounts: 'int', points: 'int', unreadable: 'int' }, busy: {} },
})

/** Up to 200 accounts of one partition; who has nothing that is over is left alone. May be repeated. */
export function expire(
  store: Store,
  of: { slot: SlotTag; timeZone: string; journalMax: number; aroundMs: number; nowMs?: number },
  accounts: readonly number[],
) {
  assert(accounts.length <= SWEPT_PER_CALL, 'too many accounts in one sweep')
  const { number, ...args } = purseArgs({ ...of, account: 0 })
  return script.run(store, {
    keys: { journal: journalKey(of.slot), totals: totalsKey(of.slot) },
    args,
    each: accounts.map((account) => ({
      keys: { account: accountKey(of.slot, account) },
      args: { number: account },
    })),
  })
}
