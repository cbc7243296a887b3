/** What is known of an order: whose it is, what it cost and earned, and what was noted of it since. */

import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import { journalKey } from '../wallet/index.ts'
import { onceKey, orderKey, orderOfKey } from './keys.ts'
import source from './refund-order.lua'
import { keyOf, ORDER_KEPT_MS } from './score-event.ts'

const script = defineScript({
  name: 'scoring.refund_order',
  source,
  keys: ['order', 'journal'],
  args: {
    now_ms: 'int',
    account: 'int',
    name: 'str',
    was: 'int',
    fen: 'int',
    field: 'str',
    part: 'str',
  },
  replies: { noted: { part: 'str' }, changed: {}, missing: {} },
})

/** Others that note something of the same order at the same instant. */
export const ATTEMPTS_MAX = 20

/** What stands in keys for an order: ids of two brands do not meet. */
export const orderHash = (brand: string, order: string): string => keyOf(`${brand} ${order}`)

/** Where the record of an order is. */
export interface OrderAt {
  slot: SlotTag
  account: number
  /** The order's hash. */
  name: string
  key: string
}

export const orderAt = (slot: SlotTag, account: number, name: string): OrderAt => ({
  ...{ slot, account, name },
  key: orderKey(slot, account, name),
})

/** Notes whose order it is; answers who was first. The note outlives the order's record. */
export async function claimOrder(
  store: Store,
  { order, account }: { order: string; account: number },
): Promise<number> {
  const key = orderOfKey(order)
  const owner = await store.set(key, account, 'PX', 2 * ORDER_KEPT_MS, 'NX', 'GET')
  return owner === null ? account : Number(owner)
}

/** Whether all of its money went back before that event of it was credited: its first report was cut off. */
export async function isTooLate(
  store: Store,
  { slot, account, key }: OrderAt,
  eventId: string,
): Promise<boolean> {
  const [fen, refunded] = await store.hmget(key, 'fen', 'refunded')
  if (fen === null || fen !== refunded) return false
  return (await store.exists(onceKey(slot, account, keyOf(eventId)))) === 0
}

/**
 * Notes a field once, and that so many fen more were refunded; only where as many were before as the caller knows.
 * Answers what stands there: the same, or what was noted before.
 */
export function noteOnOrder(
  store: Store,
  { slot, account, name, key }: OrderAt,
  note: { was: number; fen: number; field: string; text: string; nowMs?: number | undefined },
) {
  const { was, fen, field, text, nowMs } = note
  return script.run(store, {
    keys: { order: key, journal: journalKey(slot) },
    args: { now_ms: scriptNow(nowMs), account, name, was, fen, field, part: text },
  })
}
