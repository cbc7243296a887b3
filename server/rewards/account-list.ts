/** The redemptions of an account, and of a reward: which there are. What became of them stands in the slots of the rewards. */

import type { RedemptionsOptions } from './deps.ts'
import { type RedemptionRef, redeemedKey, takenKey } from './keys.ts'
import { REDEEMED_MAX, REDEMPTIONS_PER_PAGE } from './limits.ts'

type Options = Pick<RedemptionsOptions, 'store' | 'partitions' | 'clock' | 'nowMs'>

/** Notes a redemption, once; beyond 500 the oldest fall off. */
export async function addToList(
  { store, partitions, clock, nowMs }: Options,
  { account, reward, id }: RedemptionRef,
): Promise<void> {
  const key = redeemedKey(partitions.slotOf(account), account)
  const added = await store.zadd(key, 'NX', nowMs?.() ?? clock.now(), `${reward}:${id}`)
  if (added > 0) await store.zremrangebyrank(key, 0, -1 - REDEEMED_MAX)
}

/** The redemption of that id among those of an account. */
export async function findRef(
  { store, partitions }: Pick<Options, 'store' | 'partitions'>,
  { account, id }: { account: number; id: string },
): Promise<RedemptionRef | undefined> {
  const all = await store.zrevrange(redeemedKey(partitions.slotOf(account), account), 0, -1)
  const found = all.find((member) => member.slice(member.indexOf(':') + 1) === id)
  return found === undefined
    ? undefined
    : { reward: found.slice(0, found.indexOf(':')), account, id }
}

/** A page of redemptions, newest first. */
export async function listRefs(
  { store, partitions }: Pick<Options, 'store' | 'partitions'>,
  { account, before }: { account: number; before?: string },
): Promise<{ refs: RedemptionRef[]; next?: string }> {
  const key = redeemedKey(partitions.slotOf(account), account)
  const rank = before === undefined ? -1 : await store.zrevrank(key, before)
  if (rank === null) return { refs: [] }
  const found = await store.zrevrange(key, rank + 1, rank + REDEMPTIONS_PER_PAGE)
  const next = found.length === REDEMPTIONS_PER_PAGE ? found.at(-1) : undefined
  const refs = found.map((member) => {
    const [reward = '', id = ''] = member.split(':')
    return { reward, account, id }
  })
  return { refs, ...(next !== undefined && { next }) }
}

/** A page of the redemptions that took a piece of a reward, newest first. */
export async function listTaken(
  store: Options['store'],
  { reward, before }: { reward: string; before?: string },
): Promise<{ refs: RedemptionRef[]; next?: string }> {
  const key = takenKey(reward)
  const rank = before === undefined ? -1 : await store.zrevrank(key, before)
  if (rank === null) return { refs: [] }
  const found = await store.zrevrange(key, rank + 1, rank + REDEMPTIONS_PER_PAGE)
  const next = found.length === REDEMPTIONS_PER_PAGE ? found.at(-1) : undefined
  const refs = found.map((member) => {
    const [account = '', id = ''] = member.split(':')
    return { reward, account: Number(account), id }
  })
  return { refs, ...(next !== undefined && { next }) }
}
