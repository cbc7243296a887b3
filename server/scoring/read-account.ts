/** Reads an account for a snapshot: on connect, after a shard's epoch changed, and for the API. */

import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { accountKey, endedKey } from '../wallet/index.ts'
import { daysAround } from './compile.ts'
import { visitKey } from './keys.ts'
import source from './read-account.lua'
import type { StoredState } from './records.ts'
import { readStored } from './stored-state.ts'

const script = defineScript({
  name: 'scoring.read_account',
  source,
  readonly: true,
  keys: ['account', 'visit', 'ended'],
  args: {
    now_ms: 'int',
    live: 'int',
  },
  replies: {
    read: { now_ms: 'int', ended: 'int', account: 'bin', visit: 'bin' },
    unreadable: {},
  },
})

export interface AccountReading {
  /** Redis time of the account's shard. */
  atMs: number
  liveEnded: boolean
  frozen: boolean
  state: StoredState
  /** Where the account is connected. */
  gateways: readonly number[]
}

/** Undefined where the record is of a version this release does not know. */
export async function readAccount(
  store: Store,
  of: {
    slot: SlotTag
    account: number
    live: number
    session: { startMs: number; nonce: number }
    timeZone: string
    aroundMs: number
    nowMs?: number
  },
): Promise<AccountReading | undefined> {
  const day = daysAround(of.nowMs ?? of.aroundMs, of.timeZone)
  const reply = await script.run(store, {
    keys: {
      account: accountKey(of.slot, of.account),
      visit: visitKey(of.slot, of.account, of.live),
      ended: endedKey(of.slot),
    },
    args: {
      now_ms: scriptNow(of.nowMs),
      live: of.live,
    },
  })
  if (reply.tag === 'unreadable') return undefined
  return {
    atMs: reply.now_ms,
    liveEnded: reply.ended === 1,
    ...readStored(reply, { atMs: reply.now_ms, day, session: of.session, home: 0 }),
  }
}
