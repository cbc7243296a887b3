/** One thing to tell one webhook: as it waits, and as it leaves. */

import { z } from 'zod'
import { formatAccount } from '../../shared/ids.ts'

export const Delivery = z.object({
  type: z.string(),
  /** When it happened, Redis time. */
  atMs: z.number(),
  /** Whom it is about. The id by which the merchant knows them is looked up when it leaves, so that none is kept here. */
  account: z.number().optional(),
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

/** What is posted. `viewer` is the merchant's own id of the account, where there is one. */
export function renderDelivery(
  { id, delivery }: Pick<Addressed, 'id' | 'delivery'>,
  { brand, viewer }: { brand: string; viewer?: string | undefined },
): string {
  const { type, atMs, account, data } = delivery
  const who = account !== undefined && {
    account: { number: formatAccount(account), ...(viewer !== undefined && { viewer }) },
  }
  return JSON.stringify({ id, type, atMs, brand, data: { ...who, ...data } })
}
