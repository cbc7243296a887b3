/** Puts points aside: the first step of everything that spends. */

import { formatAccount } from '../../shared/ids.ts'
import { HOLD_USES, type HoldUse } from '../../shared/ledger.ts'
import { SPEND_ORDERS, type SpendOrder } from '../../shared/rulebook/wallet.ts'
import { Packer } from '../kernel/index.ts'
import { defineScript, type Store } from '../redis/index.ts'
import source from './hold.lua'
import { endedKey, holdKey, holdsKey, openKey } from './keys.ts'
import {
  hashOf,
  MEMBER_SEPARATOR,
  PURSE_ARGS,
  PURSE_KEYS,
  type Purse,
  purseArgs,
  purseKeys,
} from './purse.ts'

/** Open holds and pending points of one account. */
export const OPEN_HOLDS_MAX = 50
/** Bytes of what a hold is for. */
export const SUBJECT_BYTES_MAX = 64

/** Which points may pay. The number is what the script takes. */
export const PAYS = { any: 0, session: 1, spendable: 2 } as const
export type Pay = keyof typeof PAYS

const script = defineScript({
  name: 'wallet.hold',
  source,
  keys: [...PURSE_KEYS, 'hold', 'holds', 'open', 'ended'],
  args: {
    ...PURSE_ARGS,
    id: 'str',
    member: 'str',
    hash: 'str',
    points: 'int',
    for_ms: 'int',
    use: 'int',
    subject: 'str',
    by: 'str',
    at: 'int',
    live: 'int',
    pay: 'int',
    order: 'int',
    issuers: 'bin',
    open_max: 'int',
  },
  replies: {
    held: { now_ms: 'int', hold: 'bin', entry: 'bin' },
    replayed: { now_ms: 'int', hold: 'bin' },
    short: { there: 'int', elsewhere: 'int' },
    conflict: {},
    frozen: {},
    many: {},
    busy: {},
    unreadable: {},
  },
})

export interface HoldInput {
  id: string
  points: number
  /** How long until it lapses, ms. */
  forMs: number
  use: HoldUse
  subject: string
  by: string
  /** Number of the brand at which it is spent. */
  at: number
  /** Session points of this live may pay; 0 where none may. */
  live: number
  pay: Pay
  order: SpendOrder
  /** Those whose points may pay, of equals the first; empty is all. */
  issuers: readonly number[]
  /** Those that were asked for; the pool of the rulebook may be another one when the call is repeated. */
  asked: readonly number[]
}

export const packIssuers = (issuers: readonly number[]): Buffer => {
  const out = new Packer(2 * issuers.length)
  for (const issuer of issuers) out.u16(issuer)
  return out.bytes()
}

export const memberOf = (account: number, id: string): string =>
  formatAccount(account) + MEMBER_SEPARATOR + id

/** Throws where Redis cannot be reached; repeating it with the same id is safe. */
export function hold(store: Store, purse: Purse, input: HoldInput) {
  const { slot, account } = purse
  const { id, points, forMs, use, subject, by, at, live, pay, order, issuers } = input
  return script.run(store, {
    keys: {
      ...purseKeys(purse),
      hold: holdKey(slot, account, id),
      holds: holdsKey(slot),
      open: openKey(slot, account),
      ended: endedKey(slot),
    },
    args: {
      ...purseArgs(purse),
      id,
      member: memberOf(account, id),
      hash: hashOf(points, use, subject, at, live, pay, ...input.asked),
      points,
      for_ms: forMs,
      use: HOLD_USES[use],
      subject,
      by,
      at,
      live,
      pay: PAYS[pay],
      order: SPEND_ORDERS.indexOf(order) + 1,
      issuers: packIssuers(issuers),
      open_max: OPEN_HOLDS_MAX,
    },
  })
}
