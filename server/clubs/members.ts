/** The record of an account's clubs: read, and changed by whoever comes, one after the other. */

import type { SlotTag, Store } from '../redis/index.ts'
import type { ClubsDeps } from './deps.ts'
import { clubsKey } from './keys.ts'
import { ATTEMPTS } from './limits.ts'
import {
  type Member,
  type Membership,
  NOTHING_STORED,
  readMembership,
  type Stored,
} from './record.ts'
import { write } from './write.ts'

export async function readClubs(
  { store, partitions }: Pick<ClubsDeps, 'store' | 'partitions'>,
  account: number,
): Promise<Stored> {
  const bytes = await store.getBuffer(clubsKey(partitions.slotOf(account), account))
  return bytes ? readMembership(bytes) : NOTHING_STORED
}

/** Those of one partition that have a record. */
export async function readSome(
  store: Store,
  slot: SlotTag,
  accounts: readonly number[],
): Promise<Map<number, Stored>> {
  const found = new Map<number, Stored>()
  if (accounts.length === 0) return found
  const stored = await store.mgetBuffer(accounts.map((account) => clubsKey(slot, account)))
  accounts.forEach((account, i) => {
    const bytes = stored[i]
    if (bytes) found.set(account, readMembership(bytes))
  })
  return found
}

export const memberOf = ({ clubs }: Membership, club: number): Member | undefined =>
  clubs.find((one) => one.club === club)

/** Writes what `make` says; undefined or a refusal leaves it as it is. `make` is asked again where another was first. */
export async function change<R>(
  deps: Pick<ClubsDeps, 'store' | 'partitions'>,
  account: number,
  make: (membership: Membership) => { after?: Membership; answer: R },
): Promise<R> {
  const slot = deps.partitions.slotOf(account)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await readClubs(deps, account)
    const { after, answer } = make(before.membership)
    if (!after) return answer
    const tag = await write(deps.store, slot, {
      changes: [{ account, before, after, todo: [] }],
    })
    if (tag === 'written') return answer
    if (tag !== 'stale') throw new Error(`clubs of an account could not be written: ${tag}`)
  }
  throw new Error('the clubs of an account change all the time')
}

/** The account became one with another, which is the member from now on. Repeating it is harmless. */
export function markMerged(
  deps: Pick<ClubsDeps, 'store' | 'partitions'>,
  account: number,
): Promise<void> {
  return change(deps, account, (membership) => {
    const isIn = membership.clubs.some(({ state }) => state === 'in')
    const gone = (one: Member): Member => (one.state === 'in' ? { ...one, state: 'merged' } : one)
    return {
      ...(isIn && { after: { ...membership, clubs: membership.clubs.map(gone) } }),
      answer: undefined,
    }
  })
}
