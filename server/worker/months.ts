/** The turn of a month: points that are over leave their accounts, those next in turn get notice, and the burn week is told. */

import { burnWeekAt, runsAt } from '../../shared/rulebook/burn-week.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { DAY_MS, HOUR_MS, monthBounds, monthStartMs } from '../../shared/time.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import { accountsKey, expire, notice, SWEPT_PER_CALL, sweptKey } from '../wallet/index.ts'
import { chunks } from './batches.ts'

export interface MonthsOptions {
  store: Store
  rulebook: () => PublishedRulebook
  clock: Clock
  log: Log
  journalMax: number
  /** Tests run scripts with a time of their own. */
  nowMs?: () => number
}

/** A clock that is ahead must not sweep a month that the partition is still in: it would not look again. */
const AHEAD_MS = HOUR_MS

export function createMonths({ store, rulebook, clock, log, journalMax, nowMs }: MonthsOptions) {
  /** Every account of the partition, some of them twice. */
  async function walk(
    slot: SlotTag,
    visit: (accounts: number[]) => Promise<{ tag: string }>,
  ): Promise<void> {
    let cursor = '0'
    do {
      const [next, members] = await store.sscan(accountsKey(slot), cursor, 'COUNT', SWEPT_PER_CALL)
      for (const some of chunks(members.map(Number), SWEPT_PER_CALL)) {
        const reply = await visit([...new Set(some)])
        if (reply.tag === 'busy') throw new Error('the journal is full')
      }
      cursor = next
    } while (cursor !== '0')
  }

  /** Does once per month and partition what `step` is named for; a crash in between does it again. */
  async function once(
    slot: SlotTag,
    of: { step: string; month: number },
    run: () => Promise<void>,
  ): Promise<void> {
    const done = Number((await store.hget(sweptKey(slot), of.step)) ?? 0)
    if (done >= of.month) return
    await run()
    await store.hset(sweptKey(slot), of.step, of.month)
    log.info({ slot, ...of }, 'points of a month were looked through')
  }

  /** What is due in this partition now; nearly always nothing. */
  return async (slot: SlotTag): Promise<void> => {
    const { timeZone, wallet } = rulebook().book
    const aroundMs = nowMs?.() ?? clock.now()
    const time = { slot, journalMax, ...(nowMs && { nowMs: nowMs() }) }
    const { month } = monthBounds(aroundMs - AHEAD_MS, timeZone)
    await once(slot, { step: 'expired', month }, () =>
      walk(slot, (some) => expire(store, { ...time, timeZone, aroundMs }, some)),
    )
    // The first of a month whose notice is due: no notice is longer than three months.
    const noticeMs = aroundMs - AHEAD_MS + wallet.noticeDays * DAY_MS
    const { month: ending } = monthBounds(noticeMs, timeZone)
    for (let next = Math.max(month + 1, ending - 2); next <= ending; next++) {
      const expiresAtMs = monthStartMs(next, timeZone)
      await once(slot, { step: 'noticed', month: next }, () =>
        walk(slot, (some) =>
          notice(store, { ...time, cause: 'expiring', month: next, expiresAtMs }, some),
        ),
      )
    }
    const week = burnWeekAt(wallet, aroundMs, timeZone)
    if (!week || !runsAt(week, aroundMs)) return
    const { month: ends, closesAtMs } = week
    await once(slot, { step: 'burning', month: ends }, () =>
      walk(slot, (some) =>
        notice(store, { ...time, cause: 'burn_week', month: ends, expiresAtMs: closesAtMs }, some),
      ),
    )
  }
}
