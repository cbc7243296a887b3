/** The records of accounts' clubs: read, and changed by whoever comes, one after the other. */

import type { DerivedRecords } from '../redis/index.ts'
import type { Consequence } from './advance.ts'
import { type Member, type Membership, NO_MEMBERSHIP } from './record.ts'

export type ClubRecords = DerivedRecords<Membership, Consequence>

/** Name under which members of a club on a rung are counted. */
export const sizeName = (club: number, rung: number): string => `${club}.${rung}`

/** Names under which a record is counted. */
export const placesOf = ({ clubs }: Membership): string[] =>
  clubs.filter(({ state }) => state === 'in').map(({ club, rung }) => sizeName(club, rung))

export const readClubs = async (records: ClubRecords, account: number): Promise<Membership> =>
  (await records.read(account))?.value ?? NO_MEMBERSHIP

export const memberOf = ({ clubs }: Membership, club: number): Member | undefined =>
  clubs.find((one) => one.club === club)

/** Writes what `make` says; without `after` it stays as it is. `make` is asked again where another was first. */
export const change = <R>(
  records: ClubRecords,
  account: number,
  make: (membership: Membership) => { after?: Membership; answer: R },
): Promise<R> => records.change(account, (before = NO_MEMBERSHIP) => make(before))

/** The account became one with another, which is the member from now on. Repeating it is harmless. */
export function markMerged(records: ClubRecords, account: number): Promise<void> {
  return change(records, account, (membership) => {
    const isIn = membership.clubs.some(({ state }) => state === 'in')
    const gone = (one: Member): Member => (one.state === 'in' ? { ...one, state: 'merged' } : one)
    return {
      ...(isIn && { after: { ...membership, clubs: membership.clubs.map(gone) } }),
      answer: undefined,
    }
  })
}
