/** Who owes whom in a coalition: points spent at one brand that another has issued. */

import type { Partitions, Store } from '../redis/index.ts'
import { settlementKey } from './keys.ts'

export interface Owed {
  /** Numbers of brands. */
  issuer: number
  at: number
  points: number
}

/** Spent and not refunded, since the beginning, over all partitions; also what a brand's own points paid at itself. */
export async function readSettlement(store: Store, partitions: Partitions): Promise<Owed[]> {
  const sums = new Map<string, number>()
  const all = await Promise.all(partitions.slots.map((slot) => store.hgetall(settlementKey(slot))))
  for (const hash of all)
    for (const [field, points] of Object.entries(hash))
      sums.set(field, (sums.get(field) ?? 0) + Number(points))
  return [...sums]
    .map(([field, points]) => {
      const [issuer = 0, at = 0] = field.split(':').map(Number)
      return { issuer, at, points }
    })
    .sort((a, b) => a.issuer - b.issuer || a.at - b.at)
}
