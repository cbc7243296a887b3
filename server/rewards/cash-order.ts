/** One order pays the cash part of one redemption: which one, decided once. */

import { DAY_MS } from '../../shared/time.ts'
import type { RedemptionsOptions } from './deps.ts'
import { cashOrderKey, type RedemptionRef } from './keys.ts'

const KEPT_MS = 400 * DAY_MS

/** Notes what an order pays: `fresh` now, `same` before, `other` where it paid another redemption. */
export async function claimCashOrder(
  { store, catalogue }: Pick<RedemptionsOptions, 'store' | 'catalogue'>,
  { reward, account, id }: RedemptionRef,
  order: string,
): Promise<{ tag: 'fresh' | 'same' | 'other'; forget: () => Promise<unknown> }> {
  const brandNo = catalogue.current().rewards.get(reward)?.brandNo ?? 0
  const key = cashOrderKey(brandNo, order)
  const member = `${reward}:${account}:${id}`
  const kept = await store.set(key, member, 'PX', KEPT_MS, 'NX', 'GET')
  const tag = kept === null ? 'fresh' : kept === member ? 'same' : 'other'
  return { tag, forget: () => store.del(key) }
}
