/** Reads an account for a snapshot: on connect, after a shard's epoch changed, and for the API. */

import { Unpacker } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { accountKey, endedKey } from '../wallet/index.ts'
import { daysAround } from './compile.ts'
import { visitKey } from './keys.ts'
import source from './read-account.lua'
import { readGateways, readState, type StoredState } from './records.ts'

const script = defineScript({
  name: 'scoring.read_account',
  source,
  readonly: true,
  keys: ['account', 'visit', 'ended'],
  args: {
    now_ms: 'int',
    live: 'int',
    start_ms: 'int',
    nonce: 'int',
    day: 'int',
    day_ends_ms: 'int',
    next_day_ends_ms: 'int',
  },
  replies: {
    state: { now_ms: 'int', ended: 'int', flags: 'int', state: 'bin', gateways: 'bin' },
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
  gateways: number[]
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
      start_ms: of.session.startMs,
      nonce: of.session.nonce,
      day: day.day,
      day_ends_ms: day.endsAtMs,
      next_day_ends_ms: day.nextEndsAtMs,
    },
  })
  if (reply.tag === 'unreadable') return undefined
  return {
    atMs: reply.now_ms,
    liveEnded: reply.ended === 1,
    frozen: reply.flags % 2 === 1,
    state: readState(new Unpacker(reply.state)),
    gateways: readGateways(new Unpacker(reply.gateways)),
  }
}
