/** What a merchant's server vouches for, and what that is to a rulebook. */

import type { Action } from '../../shared/receipt.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { orderHash } from './order-record.ts'

export interface AccountEvent {
  /** Unique within the account; repeating it credits nothing. */
  id: string
  /** What the id stands for; the same id with another body is `id_conflict`. */
  body: string
  account: number
  brand: string
  /** Where it happened; without one the event belongs to no live. */
  room?: string
  action: Action
  /** Fen for purchases, otherwise 1. */
  units: number
  /** The merchant's id of a purchase: paid once for as long as it can be refunded, whatever ids it comes with. */
  order?: string
  /** Of what was bought. */
  category?: string | undefined
}

/** A paid order is two things to a rulebook: what it cost, and, unless that is next to nothing, that it was placed. */
export function actionsOf(
  { action, units }: Pick<AccountEvent, 'action' | 'units'>,
  { purchase }: Pick<Rulebook, 'purchase'>,
): readonly Action[] {
  const isOrder = action === 'purchase' && units >= purchase.leastOrderFen
  return isOrder ? ['purchase', 'order'] : [action]
}

/** An order is one thing whatever idempotency key it comes with; other events are what their id says. */
export const namesOf = ({ brand, order, id, body }: AccountEvent, action: Action) =>
  order === undefined
    ? { id: `${action} ${id}`, body }
    : { id: `${action} of ${brand} ${order}`, body, order: orderHash(brand, order) }
