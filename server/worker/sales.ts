/** What brands sold, from the orders in the journals: paid ones less refunds, by day of the platform. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds } from '../../shared/time.ts'
import { countSales, salesCounted } from '../governance/index.ts'
import type { Store } from '../redis/index.ts'
import { soldBy } from '../scoring/index.ts'
import type { Consumer } from './consumer.ts'
import { compareIds, formatId, type JournalElement, parseId, ZERO } from './element.ts'
import { SALES_MS } from './limits.ts'
import type { Skim } from './reading.ts'

export interface SalesOptions {
  store: Store
  rulebook: () => PublishedRulebook
  skim: Skim
}

export function salesConsumer({ store, rulebook, skim }: SalesOptions): Consumer {
  /** Orders of elements up to which, by partition, are in the sum: it lies in another slot than the cursor. */
  const counted = new Map<number, string>()

  function byDay(elements: readonly JournalElement[], after: string): Map<number, number> {
    const { timeZone } = rulebook().book
    const from = after === '' ? ZERO : parseId(after)
    const days = new Map<number, number>()
    for (const element of elements) {
      if (compareIds(element.id, from) <= 0) continue
      const batch = skim(element)
      const fen = batch?.kept.reduce((sum, one) => sum + soldBy(one), 0) ?? 0
      if (fen === 0) continue
      const { day } = dayBounds(element.id.ms, timeZone)
      days.set(day, (days.get(day) ?? 0) + fen)
    }
    return days
  }

  return {
    kind: 'sales',
    everyMs: SALES_MS,
    durableOnly: true,
    async open({ index }) {
      counted.set(index, await salesCounted(store, index))
    },
    async handle({ index }, elements) {
      const after = counted.get(index) ?? ''
      const last = elements.at(-1)
      const fenByDay = byDay(elements, after)
      if (!last || fenByDay.size === 0) return elements.length
      const upto = formatId(last.id)
      const reached = await countSales(store, { partition: index, after, upto, fenByDay })
      counted.set(index, reached)
      // Another worker counted meanwhile: what it left is looked at anew.
      if (reached !== upto) throw new Error('sales were counted by another worker')
      return elements.length
    },
  }
}
