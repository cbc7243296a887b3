/** One thing to tell one webhook: as it waits, and as it leaves. */

import { z } from 'zod'

export const Delivery = z.object({
  type: z.string(),
  /** When it happened, Redis time. */
  atMs: z.number(),
  /** Whom it is about. The id by which the merchant knows them is looked up when it leaves, so that none is kept here. */
  account: z.number().exactOptional(),
  /** Who else took part. */
  other: z.number().exactOptional(),
  data: z.record(z.string(), z.unknown()),
  /** Attempts that failed. */
  attempts: z.number(),
})
export type Delivery = z.infer<typeof Delivery>

/** A delivery and for whom: what is queued, and what may become a dead letter. */
export interface Addressed {
  webhook: string
  /** The same on every attempt and after any crash, so that receivers can tell a repeat. */
  id: string
  delivery: Delivery
}

/** An account as its merchant is told of it. `viewer` is the merchant's own id, where there is one. */
export interface Who {
  number: string
  viewer?: string
}

/** What is posted. `who` names accounts by number; who is missing is left out. */
export function renderDelivery(
  { id, delivery }: Pick<Addressed, 'id' | 'delivery'>,
  { brand, who }: { brand: string; who: ReadonlyMap<number, Who> },
): string {
  const { type, atMs, account = 0, other = 0, data } = delivery
  const named = { account: who.get(account), other: who.get(other) }
  return JSON.stringify({ id, type, atMs, brand, data: { ...named, ...data } })
}
