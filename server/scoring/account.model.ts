/** What the scoring model keeps of accounts, visits and partitions: plain Maps and BigInts. */

import type { TaskProgress } from '../../shared/account-state.ts'
import { type DayBounds, dayBounds, MINUTE_MS } from '../../shared/time.ts'

export type PaidBucket = 'spendable' | 'session'

export interface ModelClock {
  /** Nonce of the client session. */
  session: number
  nonce: number
  dueMs: number
  lastMs: number
}

export interface ModelSession {
  startMs: number
  nonce: number
  high: number
  applied: Set<number>
  lastAppliedMs: number
}

/** Units used within one period; another period starts from nothing. */
export class PeriodCounter {
  #period = -1
  #used = new Map<number, number>()

  at(period: number): ReadonlyMap<number, number> {
    if (period !== this.#period) {
      this.#period = period
      this.#used = new Map()
    }
    return this.#used
  }

  add(period: number, rule: number, units: number): void {
    this.#used = new Map(this.at(period)).set(rule, (this.at(period).get(rule) ?? 0) + units)
  }
}

export class ModelAccount {
  version = 0
  frozen = false
  unreadable = false
  /** Spendable ones by who owes them. */
  readonly owed = new Map<number, bigint>()
  readonly points = new Map<PaidBucket, bigint>([
    ['spendable', 0n],
    ['session', 0n],
  ])
  readonly carry = new Map<PaidBucket, bigint>([
    ['spendable', 0n],
    ['session', 0n],
  ])
  expired = 0n
  /** Points ever, whatever became of them. */
  earned = 0n
  /** Thousandths. */
  growth = 0n
  rung = 0
  promotions = 0
  /** In which the rung is being kept. */
  window:
    | { rung: number; warned: boolean; asked: number; warnsAtMs: number; endsAtMs: number }
    | undefined
  readonly today = new PeriodCounter()
  readonly ever = new Map<number, number>()
  sessions: ModelSession[] = []
  floorMs = 0
  clocks: ModelClock[] = []
  /** Live that holds the attention; 0 is none. */
  holder = 0
  lastCreditMs = 0
  /** Between the last two stretches that were credited. */
  gap = { fromMs: 0, toMs: 0 }
  /** Oldest first. */
  windows: { live: number; window: number; spent: number }[] = []
}

export class ModelVisit {
  points = 0n
  /** Session points that have not been swept. */
  sessionPoints = 0n
  readonly minute = new PeriodCounter()
  readonly roomDay = new PeriodCounter()
  watchedMs = 0
  stretchMs = 0
  lastCreditMs = Number.NEGATIVE_INFINITY
  /** Hashes of the last counted comments, oldest first. */
  comments: number[] = []
  lastCommentMs = Number.NEGATIVE_INFINITY
  readonly tasks = new Map<number, TaskProgress>()
}

/** `[S2]` Bit i says that `high - i` was applied. */
export function maskOf(session: ModelSession): number {
  let mask = 0
  for (let i = 0; i < 32; i++) if (session.applied.has(session.high - i)) mask += 2 ** i
  return mask
}

export const minuteOf = (nowMs: number): number => Math.floor(nowMs / MINUTE_MS)
/** Working out a day costs more than everything else here, and a step asks for the same few again and again. */
const bounds = new Map<string, DayBounds>()
const REMEMBERED = 1000

function dayAt(nowMs: number, zone: string): DayBounds {
  const key = `${nowMs} ${zone}`
  const known = bounds.get(key)
  if (known) return known
  if (bounds.size >= REMEMBERED) bounds.clear()
  const day = dayBounds(nowMs, zone)
  bounds.set(key, day)
  return day
}

export const dayOf = (nowMs: number, zone: string): number => dayAt(nowMs, zone).day
export const midnightAfter = (nowMs: number, zone: string): number => dayAt(nowMs, zone).endsAtMs
