/** What was redeemed in a room, by accounts of all partitions, newest first. */

import type { BoardsDeps } from './deps.ts'
import { redeemedKey } from './keys.ts'
import { REDEEMED_PER_PAGE } from './limits.ts'

/** The place of a redemption in the list of its room. */
interface Listed {
  atMs: number
  /** Account, reward and id. */
  member: string
}

export interface ListedRedemption {
  atMs: number
  account: number
  reward: string
  id: string
}

/** Of one partition so many more are read, for several may be of one instant. */
const SPARE = 20

const isOlder = (a: Listed, b: Listed): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.member < b.member)

const cursorOf = ({ atMs, member }: Listed): string =>
  `${atMs}.${Buffer.from(member).toString('base64url')}`

/** Undefined where nobody made it here. */
function readCursor(text: string): Listed | undefined {
  const [atMs = '', member = ''] = text.split('.')
  if (!/^\d{1,14}$/.test(atMs)) return undefined
  return { atMs: Number(atMs), member: Buffer.from(member, 'base64url').toString() }
}

const readMember = ({ atMs, member }: Listed): ListedRedemption => {
  const [account = '', reward = '', id = ''] = member.split(' ')
  return { atMs, account: Number(account), reward, id }
}

async function newestOf(
  { store, partitions }: Pick<BoardsDeps, 'store' | 'partitions'>,
  { room, from }: { room: string; from: number | '+inf' },
): Promise<Listed[]> {
  const all = await Promise.all(
    partitions.slots.map((slot) =>
      store.zrevrangebyscore(
        ...[redeemedKey(slot, room), from, '-inf', 'WITHSCORES' as const],
        ...['LIMIT' as const, 0, REDEEMED_PER_PAGE + SPARE],
      ),
    ),
  )
  return all.flatMap((found) =>
    found.flatMap((member, i) => (i % 2 === 0 ? [{ member, atMs: Number(found[i + 1]) }] : [])),
  )
}

/** A page of them; an unknown `before` has nothing behind it. */
export async function listRedeemed(
  deps: Pick<BoardsDeps, 'store' | 'partitions'>,
  { room, before }: { room: string; before?: string | undefined },
): Promise<{ listed: ListedRedemption[]; next?: string }> {
  const after = before === undefined ? undefined : readCursor(before)
  if (before !== undefined && !after) return { listed: [] }
  const found = await newestOf(deps, { room, from: after?.atMs ?? '+inf' })
  const page = found
    .filter((one) => !after || isOlder(one, after))
    .sort((a, b) => (isOlder(a, b) ? 1 : -1))
    .slice(0, REDEEMED_PER_PAGE)
  const last = page.length === REDEEMED_PER_PAGE ? page.at(-1) : undefined
  return { listed: page.map(readMember), ...(last && { next: cursorOf(last) }) }
}
