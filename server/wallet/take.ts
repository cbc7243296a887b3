/** Takes points back: an operator's correction, or an order that was refunded. */

import { CAUSES, type Cause } from '../../shared/ledger.ts'
import { defineScript, type Store } from '../redis/index.ts'
import { packIssuers } from './hold.ts'
import { doneKey } from './keys.ts'
import { hashOf, PURSE_ARGS, PURSE_KEYS, type Purse, purseArgs, purseKeys } from './purse.ts'
import source from './take.lua'

const { month: _month, month_ends_ms: _ends, ...ARGS } = PURSE_ARGS

const script = defineScript({
  name: 'wallet.take',
  source,
  keys: [...PURSE_KEYS, 'done'],
  args: {
    ...ARGS,
    id: 'str',
    hash: 'str',
    points: 'int',
    partial: 'int',
    cause: 'int',
    subject: 'str',
    by: 'str',
    at: 'int',
    issuers: 'bin',
  },
  replies: {
    taken: { now_ms: 'int', entry: 'bin' },
    replayed: { now_ms: 'int', entry: 'bin' },
    short: { there: 'int' },
    conflict: {},
    busy: {},
    unreadable: {},
  },
})

export interface Take {
  id: string
  points: number
  /** Takes what is there where there is less. */
  partial: boolean
  cause: Cause
  subject: string
  by: string
  at: number
  /** Those whose points are taken; empty is all. */
  issuers: readonly number[]
  /** Those that were asked for; a repeat may find other rooms and hosts among them. */
  asked: readonly number[]
}

/** Throws where Redis cannot be reached; repeating it with the same id is safe. */
export function take(store: Store, purse: Purse, input: Take) {
  const { slot, account } = purse
  const { id, points, partial, cause, subject, by, at, issuers } = input
  return script.run(store, {
    keys: { ...purseKeys(purse), done: doneKey(slot, account, id) },
    args: {
      ...purseArgs(purse),
      id,
      hash: hashOf(points, cause, subject, ...input.asked),
      points,
      partial: partial ? 1 : 0,
      cause: CAUSES[cause],
      subject,
      by,
      at,
      issuers: packIssuers(issuers),
    },
  })
}
