/** Spending money makes points last: 1 yuan renews 1 point, those that would expire first. */

import { defineScript, type Store } from '../redis/index.ts'
import { packIssuers } from './hold.ts'
import { doneKey } from './keys.ts'
import { hashOf, PURSE_ARGS, PURSE_KEYS, type Purse, purseArgs, purseKeys } from './purse.ts'
import source from './renew.lua'

const script = defineScript({
  name: 'wallet.renew',
  source,
  keys: [...PURSE_KEYS, 'done'],
  args: {
    ...PURSE_ARGS,
    id: 'str',
    hash: 'str',
    points: 'int',
    lasts_months: 'int',
    subject: 'str',
    issuers: 'bin',
  },
  replies: {
    renewed: { now_ms: 'int', entry: 'bin' },
    replayed: { now_ms: 'int', entry: 'bin' },
    nothing: {},
    conflict: {},
    busy: {},
    unreadable: {},
  },
})

/** Throws where Redis cannot be reached; repeating it with the same id is safe. */
export const renew = (
  store: Store,
  purse: Purse,
  how: {
    id: string
    points: number
    lastsMonths: number
    subject: string
    /** Those whose points are renewed; empty is all. */
    issuers: readonly number[]
  },
) =>
  script.run(store, {
    keys: { ...purseKeys(purse), done: doneKey(purse.slot, purse.account, how.id) },
    args: {
      ...purseArgs(purse),
      id: how.id,
      hash: hashOf(how.points, how.subject),
      points: how.points,
      lasts_months: how.lastsMonths,
      subject: how.subject,
      issuers: packIssuers(how.issuers),
    },
  })
