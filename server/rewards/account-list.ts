/** The redemptions of an account, and of a reward: which there are. What became of them stands in the slots of the rewards. */

import type { RedemptionsOptions } from './deps.ts'
import { type RedemptionRef, redeemedKey, takenKey } from './keys.ts'
import { REDEEMED_MAX, REDEMPTIONS_PER_PAGE, TAKEN_MAX } from './limits.ts'

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
  return found === undefined ? undefined : refOf(found, account)
}

/** A page of a list that keeps the newest. */
export interface RefsPage {
  refs: RedemptionRef[]
  /** `before` of the next page. */
  next?: string
  /** On the last page: older ones have fallen off. */
  cut?: true
}

/** A page of the redemptions of an account, or of several that are one person's, newest first. */
export async function listRefs(
  options: Pick<Options, 'store' | 'partitions'>,
  { accounts, before }: { accounts: readonly number[]; before?: string },
): Promise<RefsPage> {
  const lists = await Promise.all(accounts.map((account) => readList(options, account)))
  const all = lists.flat()
  all.sort((a, b) => b.atMs - a.atMs || (a.member < b.member ? 1 : -1))
  const at = before === undefined ? -1 : all.findIndex(({ member }) => member === before)
  if (at < 0 && before !== undefined) return { refs: [] }
  const page = all.slice(at + 1, at + 1 + REDEMPTIONS_PER_PAGE)
  const next = page.length === REDEMPTIONS_PER_PAGE ? page.at(-1)?.member : undefined
  const refs = page.map(({ member, account }) => refOf(member, account))
  const full = lists.some((list) => list.length >= REDEEMED_MAX)
  return { refs, ...endOf(next, full) }
}

/** What a page says of what comes behind it. */
const endOf = (next: string | undefined, full: boolean): Pick<RefsPage, 'next' | 'cut'> =>
  next === undefined ? { ...(full && { cut: true as const }) } : { next }

interface Listed {
  account: number
  member: string
  atMs: number
}

/** All that is listed of an account; there are at most 500. */
async function readList(
  { store, partitions }: Pick<Options, 'store' | 'partitions'>,
  account: number,
): Promise<Listed[]> {
  const key = redeemedKey(partitions.slotOf(account), account)
  const found = await store.zrevrange(key, 0, -1, 'WITHSCORES')
  const listed: Listed[] = []
  for (let i = 0; i < found.length; i += 2)
    listed.push({ account, member: found[i] ?? '', atMs: Number(found[i + 1]) })
  return listed
}

function refOf(member: string, account: number): RedemptionRef {
  const [reward = '', id = ''] = member.split(':')
  return { reward, account, id }
}

/** A page of the redemptions that took a piece of a reward, newest first. */
export async function listTaken(
  store: Options['store'],
  { reward, before }: { reward: string; before?: string },
): Promise<RefsPage> {
  const key = takenKey(reward)
  const rank = before === undefined ? -1 : await store.zrevrank(key, before)
  if (rank === null) return { refs: [] }
  const found = await store.zrevrange(key, rank + 1, rank + REDEMPTIONS_PER_PAGE)
  const next = found.length === REDEMPTIONS_PER_PAGE ? found.at(-1) : undefined
  const refs = found.map((member) => {
    const [account = '', id = ''] = member.split(':')
    return { reward, account: Number(account), id }
  })
  const full = next === undefined && (await store.zcard(key)) >= TAKEN_MAX
  return { refs, ...endOf(next, full) }
}
