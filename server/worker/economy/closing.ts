/** Closes each day of the platform's zone once, from what its partitions counted, and tells what it says. */

import type { EconomyDay } from '../../../shared/economy.ts'
import { type Verdict, verdictOf, YEAR_DAYS } from '../../../shared/economy-verdict.ts'
import type { PublishedRulebook, Rulebook } from '../../../shared/rulebook/schema.ts'
import { DAY_MS, dayBounds, dayStartMs, monthBounds } from '../../../shared/time.ts'
import {
  type ClosedDay,
  closeDay,
  countedSince,
  forgetDay,
  LIVES_PER_DAY,
  newestDay,
  type PartitionDay,
  readDays,
  readPartitionDay,
  told,
  toldUpTo,
} from '../../economy/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import type { Partitions, Store } from '../../redis/index.ts'
import { journalKey } from '../../wallet/index.ts'
import { cursorsKey } from '../keys.ts'
import { CLOSE_AFTER_MS, CLOSED_PER_PASS } from '../limits.ts'
import type { RoomOf } from '../places.ts'
import { alarmsOf, type EconomyAlarm } from './alarms.ts'
import type { EconomyNow } from './metrics.ts'
import { figuresOfParts, livesOf } from './parts.ts'
import { walkOnce } from './records.ts'

export interface ClosingOptions {
  store: Store
  partitions: Partitions
  rulebook: () => PublishedRulebook
  clock: Clock
  log: Log
  roomOf: RoomOf
  /** Told of each day that was closed, in their order, at least once; a failure is tried again. */
  onDay?: (day: ClosedDay) => Promise<void>
  /** Told of each alarm, in the order of the days, at least once; a failure is tried again. */
  onAlarm?: (alarm: EconomyAlarm) => Promise<void>
  /** Told how it stands after each look. */
  show?: (now: EconomyNow) => void
  nowMs?: () => number
}

export function createClosing(options: ClosingOptions) {
  const { store, partitions, rulebook, clock, log, roomOf, show, nowMs } = options

  /** The first day of which anything was counted; undefined where nothing was. */
  async function firstDay(
    timeZone: string,
  ): Promise<{ day: number; partial: boolean } | undefined> {
    let first: { day: number; partial: boolean } | undefined
    for (const slot of partitions.slots) {
      const since = await countedSince(store, slot)
      const from = since.sinceMs === undefined ? undefined : dayBounds(since.sinceMs, timeZone).day
      const day = Math.min(since.first ?? Infinity, from ?? Infinity)
      if (day < (first?.day ?? Infinity)) first = { day, partial: day === from }
    }
    return first
  }

  /** The whole day, once every partition has counted all of it. */
  async function gather(day: number, book: Rulebook, nowMs: number) {
    const { timeZone } = book
    const of = {
      day,
      endsAtMs: dayStartMs(day + 1, timeZone),
      until: dayBounds(nowMs + DAY_MS, timeZone).day,
    }
    const parts: PartitionDay[] = []
    for (const slot of partitions.slots) {
      await walkOnce(store, slot)
      const beside = { slot, cursors: cursorsKey(slot), journal: journalKey(slot) }
      const part = await readPartitionDay(store, beside, of)
      if (!part) return undefined
      parts.push(part)
    }
    return parts
  }

  /** Closes one day; false where it cannot be closed yet. */
  async function close(day: number, partial: boolean, nowMs: number): Promise<boolean> {
    const { book } = rulebook()
    const parts = await gather(day, book, nowMs)
    if (!parts) return false
    const all = livesOf(parts)
    const figures = {
      ...figuresOfParts(day, parts, all),
      ...(partial && { partial: true as const }),
    }
    const verdict = await judge(figures, book)
    const most = all.toSorted((a, b) => b.viewers - a.viewers).slice(0, LIVES_PER_DAY)
    const lives = await Promise.all(
      most.map(async (live) => {
        const room = await roomOf(live.live)
        return room === undefined ? live : { ...live, room }
      }),
    )
    if (await closeDay(store, { figures, verdict }, lives)) log.info({ day }, 'a day was closed')
    const of = { day, lives: all.map(({ live }) => live) }
    for (const slot of partitions.slots) await forgetDay(store, slot, of)
    return true
  }

  async function judge(figures: EconomyDay, book: Rulebook): Promise<Verdict> {
    const { day } = figures
    const { economy: policy, pointValueFen, timeZone } = book
    const before = await readDays(store, { from: day - YEAR_DAYS, to: day - 1 })
    const nextDayMs = dayStartMs(day + 1, timeZone)
    const { month } = monthBounds(nextDayMs, timeZone)
    // The year is over when the day before the first of the month is.
    const auditDay =
      month % 12 === policy.audit.month - 1 && monthBounds(nextDayMs - 1, timeZone).month !== month
    const earlier = before.map((one) => one.figures)
    return verdictOf(figures, earlier, { policy, pointValueFen, auditDay })
  }

  return async (): Promise<void> => {
    const atMs = nowMs?.() ?? clock.now()
    const { timeZone } = rulebook().book
    const closed = await newestDay(store)
    const first = closed === undefined ? await firstDay(timeZone) : undefined
    const from = closed === undefined ? first?.day : closed + 1
    if (from === undefined) return
    // The last day that is over, by a clock that is not ahead.
    const over = dayBounds(atMs - CLOSE_AFTER_MS, timeZone).day - 1
    let next = from
    while (next <= Math.min(over, from + CLOSED_PER_PASS - 1)) {
      if (!(await close(next, next === from && (first?.partial ?? false), atMs))) break
      next++
    }
    const unclosed = Math.max(0, over - next + 1)
    const newest = next === from ? closed : next - 1
    if (newest === undefined) return show?.({ unclosed })
    await tellNews(options, newest)
    const [day] = await readDays(store, { from: newest, to: newest })
    show?.({ unclosed, ...(day && { newest: day }) })
  }
}

/** What is told may be told again after a crash; that it was told is remembered last. */
async function tellNews(options: ClosingOptions, newest: number): Promise<void> {
  const { store, log, onDay, onAlarm } = options
  const upTo = (await toldUpTo(store)) ?? newest - CLOSED_PER_PASS
  if (upTo >= newest) return
  const days = await readDays(store, { from: Math.max(upTo, newest - CLOSED_PER_PASS), to: newest })
  for (const [i, day] of days.entries()) {
    if (day.figures.day <= upTo) continue
    await onDay?.(day)
    for (const alarm of alarmsOf(day, days[i - 1])) {
      log.warn({ alarm }, 'the economy')
      await onAlarm?.(alarm)
    }
    await told(store, day.figures.day)
  }
}
