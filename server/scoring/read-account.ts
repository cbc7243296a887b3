/** Reads an account for a snapshot: on connect, after a shard's epoch changed, and for the API. */

import type { QuestStanding } from '../../shared/quests.ts'
import { Batch, defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { accountKey } from '../wallet/index.ts'
import type { StoredState } from './account-view.ts'
import { daysAround } from './days.ts'
import { visitKey } from './keys.ts'
import source from './read-account.lua'
import { questRows, readStored } from './stored-state.ts'

const script = defineScript({
  name: 'scoring.read_account',
  source,
  readonly: true,
  keys: [],
  args: {},
  each: { keys: ['account', 'visit'], args: { now_ms: 'int' } },
  replies: { read: { records: 'list' } },
})

/** Accounts of one call; a gateway that many come to reads those of a turn together. */
const READ_PER_CALL = 50
/** Of one account: the time, whether it can be read, its record and that of the visit. */
const VALUES = 4

interface Wanted {
  keys: { account: string; visit: string }
  args: { now_ms: number }
}

interface Records {
  atMs: number
  isReadable: boolean
  account: Buffer
  visit: Buffer
}

const reads = new Batch<Wanted, Records>(READ_PER_CALL, async (store, each) => {
  const { records } = await script.run(store, { keys: {}, args: {}, each })
  return each.map((_, i) => recordsOf(records.slice(VALUES * i, VALUES * (i + 1))))
})

function recordsOf([atMs, isReadable, account, visit]: (Buffer | number | null)[]): Records {
  return {
    atMs: Number(atMs),
    isReadable: isReadable === 1,
    account: bytesOf(account),
    visit: bytesOf(visit),
  }
}

function bytesOf(value: Buffer | number | null | undefined): Buffer {
  if (!Buffer.isBuffer(value)) throw new Error('a record is bytes')
  return value
}

export interface AccountReading {
  /** Redis time of the account's shard. */
  atMs: number
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
  const { atMs, isReadable, ...stored } = await reads.of(store, of.slot, {
    keys: {
      account: accountKey(of.slot, of.account),
      visit: visitKey(of.slot, of.account, of.live),
    },
    args: { now_ms: scriptNow(of.nowMs) },
  })
  if (!isReadable) return undefined
  return { atMs, ...readStored(stored, { atMs, day, session: of.session, home: 0 }) }
}

/** How far an account is in quests, and the platform's day then. Undefined as with `readAccount`. */
export async function readQuests(
  store: Store,
  of: { slot: SlotTag; account: number; timeZone: string; aroundMs: number; nowMs?: number },
): Promise<QuestReading | undefined> {
  const { atMs, isReadable, account } = await reads.of(store, of.slot, {
    keys: {
      account: accountKey(of.slot, of.account),
      visit: visitKey(of.slot, of.account, NO_LIVE),
    },
    args: { now_ms: scriptNow(of.nowMs) },
  })
  if (!isReadable) return undefined
  const day = daysAround(of.nowMs ?? of.aroundMs, of.timeZone)
  const isOver = atMs >= day.endsAtMs
  return {
    atMs,
    today: isOver ? day.day + 1 : day.day,
    dayEndsMs: isOver ? day.nextEndsAtMs : day.endsAtMs,
    ...questRows(account),
  }
}

const NO_LIVE = 0

export interface QuestReading
  extends Pick<QuestStanding, 'rows' | 'began' | 'today' | 'dayEndsMs'> {
  /** Redis time of the account's shard. */
  atMs: number
}
