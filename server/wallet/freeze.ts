/** Stops an account, or lets it go on: a frozen one earns and spends nothing, and loses nothing. */

import { defineScript, type Store } from '../redis/index.ts'
import source from './freeze.lua'
import { PURSE_ARGS, PURSE_KEYS, type Purse, purseArgs, purseKeys } from './purse.ts'

const script = defineScript({
  name: 'wallet.freeze',
  source,
  keys: [...PURSE_KEYS],
  args: { ...PURSE_ARGS, id: 'str', freeze: 'int', by: 'str', grace_months: 'int' },
  replies: {
    changed: { now_ms: 'int', entry: 'bin' },
    same: { now_ms: 'int' },
    busy: {},
    unreadable: {},
  },
})

/** Throws where Redis cannot be reached; an account that is as asked for stays as it is. */
export const freeze = (
  store: Store,
  purse: Purse,
  how: { id: string; freeze: boolean; by: string; graceMonths: number },
) =>
  script.run(store, {
    keys: purseKeys(purse),
    args: {
      ...purseArgs(purse),
      id: how.id,
      freeze: how.freeze ? 1 : 0,
      by: how.by,
      grace_months: how.graceMonths,
    },
  })
