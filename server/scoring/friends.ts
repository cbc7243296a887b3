/** Whom an account invited, in the partition of the inviter. What became of each is in the record of the invited. */

import { formatAccount, parseAccount } from '../../shared/ids.ts'
import { INVITE_REFUSALS, type InviteRefusal } from '../../shared/invites.ts'
import { must } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import countSource from './count-invite.lua'
import { friendsKey } from './keys.ts'
import refusedSource from './note-refused.lua'

/** Who came and counts for nothing is remembered so often; the rest is not shown. */
const REFUSED_MAX = 50
const NONE = '-'

const countScript = defineScript({
  name: 'scoring.count_invite',
  source: countSource,
  keys: ['friends'],
  args: {
    invited: 'str',
    at_ms: 'int',
    network: 'str',
    day_ms: 'int',
    per_day: 'int',
    per_life: 'int',
  },
  replies: { counted: {}, day_full: {}, life_full: {} },
})
const refusedScript = defineScript({
  name: 'scoring.note_refused',
  source: refusedSource,
  keys: ['friends'],
  args: { invited: 'str', at_ms: 'int', why: 'str', most: 'int' },
  replies: { noted: {}, known: {}, full: {} },
})

export interface Friend {
  invited: number
  atMs: number
  /** Names the network without saying which it is; undefined where it is not known. */
  network?: string
  /** Counts for nothing. */
  refused?: InviteRefusal
}

interface Inviter {
  slot: SlotTag
  inviter: number
}

/** Which bound is reached, if any. Counting the same friend again changes nothing. */
export async function countFriend(
  store: Store,
  { slot, inviter }: Inviter,
  {
    invited,
    atMs,
    network,
    ...bounds
  }: Friend & { dayMs: number; perDay: number; perLife: number },
): Promise<'perDay' | 'perLife' | undefined> {
  const { tag } = await countScript.run(store, {
    keys: { friends: friendsKey(slot, inviter) },
    args: {
      invited: formatAccount(invited),
      at_ms: atMs,
      network: network ?? NONE,
      day_ms: bounds.dayMs,
      per_day: bounds.perDay,
      per_life: bounds.perLife,
    },
  })
  if (tag === 'counted') return undefined
  return tag === 'day_full' ? 'perDay' : 'perLife'
}

export const uncountFriend = (
  store: Store,
  { slot, inviter }: Inviter,
  invited: number,
): Promise<unknown> => store.hdel(friendsKey(slot, inviter), formatAccount(invited))

export const noteRefused = (
  store: Store,
  { slot, inviter }: Inviter,
  { invited, atMs, why }: { invited: number; atMs: number; why: InviteRefusal },
): Promise<unknown> =>
  refusedScript.run(store, {
    keys: { friends: friendsKey(slot, inviter) },
    args: { invited: formatAccount(invited), at_ms: atMs, why, most: REFUSED_MAX },
  })

/** As the archive tells it: the network is not known any more. One who is there stays as it is. */
export const restoreFriend = (
  store: Store,
  { slot, inviter }: Inviter,
  { invited, atMs }: Friend,
): Promise<unknown> =>
  store.hsetnx(friendsKey(slot, inviter), formatAccount(invited), `${atMs} ${NONE} ${NONE}`)

/** Newest first. */
export async function friendsOf(store: Store, { slot, inviter }: Inviter): Promise<Friend[]> {
  const kept = await store.hgetall(friendsKey(slot, inviter))
  return Object.entries(kept)
    .map(([invited, value]): Friend => {
      const [at, network, why] = value.split(' ')
      const refused = INVITE_REFUSALS.find((one) => one === why)
      return {
        invited: must(parseAccount(invited), 'an invited account'),
        atMs: Number(at),
        ...(network !== NONE && network !== undefined && { network }),
        ...(refused && { refused }),
      }
    })
    .sort((a, b) => b.atMs - a.atMs)
}
