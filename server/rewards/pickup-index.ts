/** Where a code leads: kept at the point where it is used, so that a typed code finds its redemption. */

import type { RedemptionsOptions } from './deps.ts'
import { codesKey, type RedemptionRef, waitingKey } from './keys.ts'
import type { Redemption } from './record.ts'

/** Two redemptions share a code once in 2^50; nobody meets that twice. */
const ATTEMPTS_MAX = 3

/** Coupons and access codes are used at the shop itself, which is a point like others. */
export const shopPoint = (brandNo: number): string => `shop-${brandNo}`
/** True of the shop of any brand: no pick-up point has such an id, or its clerks would have that brand's codes. */
export const isShopPoint = (point: string): boolean => /^shop-\d+$/.test(point)

export const placeOf = ({ point }: Pick<Redemption, 'point'>, brandNo: number): string =>
  point === '' ? shopPoint(brandNo) : point

const memberOf = ({ reward, account, id }: RedemptionRef): string => `${reward}:${account}:${id}`

export function refOf(member: string): RedemptionRef {
  const [reward = '', account, id = ''] = member.split(':')
  return { reward, account: Number(account), id }
}

/** Gives a redemption its code at a point, always the same one, and puts it on the list of a day. */
export async function indexCode(
  { store, codes }: Pick<RedemptionsOptions, 'store' | 'codes'>,
  ref: RedemptionRef,
  { point, day }: { point: string; day: number },
): Promise<string> {
  const member = memberOf(ref)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const code = codes.short(ref, attempt)
    await store.hsetnx(codesKey(point), code, member)
    if ((await store.hget(codesKey(point), code)) !== member) continue
    await store.zadd(waitingKey(point), 'NX', day, member)
    return code
  }
  throw new Error('no code is free')
}

/** The redemption that a code stands for at a point. */
export async function findCode(
  store: RedemptionsOptions['store'],
  point: string,
  code: string,
): Promise<RedemptionRef | undefined> {
  const member = await store.hget(codesKey(point), code)
  return member === null ? undefined : refOf(member)
}
