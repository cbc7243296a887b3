/** Once a day: who stayed away and gathered too little is warned, and later falls a rung. */

import { dayBounds } from '../../shared/time.ts'
import type { SlotTag } from '../redis/index.ts'
import { keepTiers } from '../scoring/index.ts'
import type { MonthsOptions } from './months.ts'
import { AHEAD_MS, createWalks } from './walks.ts'

export function createDemotions({ store, rulebook, clock, log, journalMax, nowMs }: MonthsOptions) {
  const walks = createWalks({ store, log })

  /** What is due in this partition now; nearly always nothing. */
  return async (slot: SlotTag): Promise<void> => {
    const { book } = rulebook()
    const aroundMs = nowMs?.() ?? clock.now()
    const { day } = dayBounds(aroundMs - AHEAD_MS, book.timeZone)
    const at = { slot, book, journalMax, aroundMs, ...(nowMs && { nowMs: aroundMs }) }
    await walks.once(slot, { step: 'demoted', turn: day }, () =>
      walks.all(slot, (some) => keepTiers(store, at, some)),
    )
  }
}
