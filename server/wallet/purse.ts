/** What every change of a wallet needs to know: which account, and which month it is there. */

import { createHash } from 'node:crypto'
import { HOUR_MS, monthBounds } from '../../shared/time.ts'
import { type SlotTag, scriptNow } from '../redis/index.ts'
import { accountKey, accountsKey, journalKey, totalsKey } from './keys.ts'

export interface Purse {
  slot: SlotTag
  account: number
  /** Of the platform: a lot's month begins there. */
  timeZone: string
  journalMax: number
  /** Time of this process, to tell the script which month is near. */
  aroundMs: number
  nowMs?: number
}

/** How far a process's clock may be ahead of a shard's. */
const AHEAD_MS = HOUR_MS

/** Names both ways: open holds are found by account and id. */
export const MEMBER_SEPARATOR = ':'

export const purseKeys = ({ slot, account }: Purse) => ({
  account: accountKey(slot, account),
  accounts: accountsKey(slot),
  journal: journalKey(slot),
  totals: totalsKey(slot),
})

/** A month for the script to choose from by its own time; it begins early, so that a clock ahead decides nothing. */
export function purseArgs({ account, timeZone, journalMax, aroundMs, nowMs }: Purse) {
  const { month, endsAtMs } = monthBounds((nowMs ?? aroundMs) - AHEAD_MS, timeZone)
  return {
    now_ms: scriptNow(nowMs),
    number: account,
    month,
    month_ends_ms: endsAtMs,
    journal_max: journalMax,
  }
}
export const PURSE_ARGS = {
  now_ms: 'int',
  number: 'int',
  month: 'int',
  month_ends_ms: 'int',
  journal_max: 'int',
} as const
export const PURSE_KEYS = ['account', 'accounts', 'journal', 'totals'] as const

/** 64 bits of SHA-256 of what an id stands for, in the 16 characters that records have for it. */
export const hashOf = (...input: (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 16)
