/** The turn of a month: points that are over leave their accounts, those next in turn get notice, and the burn week is told. */

import { burnWeekAt, runsAt } from '../../shared/rulebook/burn-week.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { DAY_MS, monthBounds, monthStartMs } from '../../shared/time.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import { expire, notice } from '../wallet/index.ts'
import { AHEAD_MS, createWalks } from './walks.ts'

export interface MonthsOptions {
  store: Store
  rulebook: () => PublishedRulebook
  clock: Clock
  log: Log
  journalMax: number
  /** Tests run scripts with a time of their own. */
  nowMs?: () => number
}

export function createMonths({ store, rulebook, clock, log, journalMax, nowMs }: MonthsOptions) {
  const walks = createWalks({ store, log })

  /** What is due in this partition now; nearly always nothing. */
  return async (slot: SlotTag): Promise<void> => {
    const { timeZone, wallet } = rulebook().book
    const aroundMs = nowMs?.() ?? clock.now()
    const time = { slot, journalMax, ...(nowMs && { nowMs: nowMs() }) }
    const { month } = monthBounds(aroundMs - AHEAD_MS, timeZone)
    await walks.once(slot, { step: 'expired', turn: month }, () =>
      walks.all(slot, (some) => expire(store, { ...time, timeZone, aroundMs }, some)),
    )
    // The first of a month whose notice is due: no notice is longer than three months.
    const noticeMs = aroundMs - AHEAD_MS + wallet.noticeDays * DAY_MS
    const { month: ending } = monthBounds(noticeMs, timeZone)
    for (let next = Math.max(month + 1, ending - 2); next <= ending; next++) {
      const expiresAtMs = monthStartMs(next, timeZone)
      await walks.once(slot, { step: 'noticed', turn: next }, () =>
        walks.all(slot, (some) =>
          notice(store, { ...time, cause: 'expiring', month: next, expiresAtMs }, some),
        ),
      )
    }
    const week = burnWeekAt(wallet, aroundMs, timeZone)
    if (!week || !runsAt(week, aroundMs)) return
    const { month: ends, closesAtMs } = week
    await walks.once(slot, { step: 'burning', turn: ends }, () =>
      walks.all(slot, (some) =>
        notice(store, { ...time, cause: 'burn_week', month: ends, expiresAtMs: closesAtMs }, some),
      ),
    )
  }
}
