/** A room as points see it: whose they are that are earned there, and whose are good there. */

import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { brandNumbers, earningNumber, getRoom, type Room } from '../rooms/index.ts'
import { poolAt } from '../wallet/index.ts'

export interface PointsPlace {
  room: Room
  /** Number of the brand, room or host that owes what is earned there. */
  issuer: number
  /** Numbers of those whose points pay there. */
  payers: ReadonlySet<number>
}

/** Undefined where there is no such room. The first use under a narrow pool gives the room or its host a number. */
export async function readPlace(
  store: Store,
  id: string,
  { wallet }: Pick<Rulebook, 'wallet'>,
): Promise<PointsPlace | undefined> {
  const found = await getRoom(store, id)
  if (!found) return undefined
  const issuer = await earningNumber(store, found, wallet.pool)
  const known = issuer === found.brandNo || found.local.includes(issuer)
  const room = known ? found : must(await getRoom(store, id), 'a room that was there')
  return { room, issuer, payers: await payersAt(store, wallet, { at: room.brandNo, ...room }) }
}

/** Numbers of those whose points pay at a brand, or in one of its rooms. */
export const payersAt = async (
  store: Store,
  wallet: Rulebook['wallet'],
  spot: { at: number; local?: readonly number[] },
): Promise<ReadonlySet<number>> =>
  new Set(await poolAt(wallet, (brands) => brandNumbers(store, brands), spot))
