/** What boards need of others, as ports: foundations do not know each other. */

import type { RoomRedemption } from '../../shared/boards.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Partitions, SlotTag, Store } from '../redis/index.ts'
import type { Beside } from './count.ts'

/** How an account stands where names are shown. */
export interface Standing {
  rung: number
  frozen: boolean
}

export interface BoardsDeps {
  store: Store
  partitions: Partitions
  clock: Clock
  log: Log
  rulebook: () => PublishedRulebook
  /** Names to show; of who was erased there is none. */
  namesOf(accounts: readonly number[]): Promise<ReadonlyMap<number, string>>
  standingOf(accounts: readonly number[]): Promise<ReadonlyMap<number, Standing>>
  /** Accounts that were merged into each of these; those of nobody are left out. */
  formerOf(accounts: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>>
  /** Where an account is by now, or itself. */
  settledIn(account: number): Promise<number>
  /** What stands of these redemptions now, in their order; of what is gone nothing. */
  redemptionsOf(
    refs: readonly { reward: string; account: number; id: string }[],
  ): Promise<(Omit<RoomRedemption, 'atMs' | 'name'> | undefined)[]>
  /** Number of the brand of each issuer; of nobody there is none. */
  brandsOf(issuers: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** Number of the brand to whose accounts it belongs, for whose points it is paid; undefined where it was erased. */
  brandOf(account: number): Promise<number | undefined>
  wallets: {
    issue(request: {
      account: number
      id: string
      lots: { issuer: number; points: number }[]
      cause: 'prize'
      subject: string
      at: number
    }): Promise<{ ok: true } | Refusal>
  }
  /** Keys of the journal of a partition, and of how far it was read. */
  besideOf(slot: SlotTag): Beside
  /** Tests run with a time of their own. */
  nowMs?: () => number
}

export const nowOf = ({ clock, nowMs }: Pick<BoardsDeps, 'clock' | 'nowMs'>): number =>
  nowMs?.() ?? clock.now()
