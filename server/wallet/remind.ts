/** Reminds a viewer of something that ends, as a ledger entry: devices, history and webhooks learn of it the same way. */

import { CAUSES, type Cause } from '../../shared/ledger.ts'
import { defineScript, type Store } from '../redis/index.ts'
import { doneKey } from './keys.ts'
import { PURSE_ARGS, PURSE_KEYS, type Purse, purseArgs, purseKeys } from './purse.ts'
import source from './remind.lua'

const { month: _month, month_ends_ms: _ends, ...ARGS } = PURSE_ARGS

const script = defineScript({
  name: 'wallet.remind',
  source,
  keys: [...PURSE_KEYS, 'done'],
  args: {
    ...ARGS,
    ref: 'str',
    cause: 'int',
    subject: 'str',
    at: 'int',
    until_ms: 'int',
  },
  replies: {
    reminded: { now_ms: 'int', entry: 'bin' },
    replayed: { now_ms: 'int', entry: 'bin' },
    busy: {},
    unreadable: {},
  },
})

export interface Reminder {
  /** Once per id, for 90 days. */
  id: string
  /** What it is about, as the entry names it. */
  ref: string
  cause: Extract<Cause, 'pickup_ending'>
  /** What of. */
  subject: string
  /** Number of the brand. */
  at: number
  untilMs: number
}

/** Throws where Redis cannot be reached; repeating it with the same id is safe. */
export const remind = (
  store: Store,
  purse: Purse,
  { id, ref, cause, subject, at, untilMs }: Reminder,
) =>
  script.run(store, {
    keys: { ...purseKeys(purse), done: doneKey(purse.slot, purse.account, id) },
    args: { ...purseArgs(purse), ref, cause: CAUSES[cause], subject, at, until_ms: untilMs },
  })
