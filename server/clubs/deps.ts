/** What fan clubs need of others, as ports: foundations do not know each other. */

import type { Refusal } from '../../shared/errors.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Clock } from '../kernel/index.ts'
import type { Certain, Partitions, SlotTag, Store } from '../redis/index.ts'

/** A room as far as it says whose club is there. */
export interface ClubRoom {
  id: string
  brand: string
  /** Id of its host; empty for none, then the room has a club of its own. */
  host: string
  brandNo: number
  local: readonly number[]
  /** Live that runs in it; 0 is none. */
  live: number
}

/** The club of a room's host, and whose points are earned there. */
export interface ClubPlace {
  room: string
  /** Live that runs in the room; 0 is none. */
  live: number
  /** Number of the host, as lots name it. */
  club: number
  brandNo: number
  /** Whose points its tasks pay. */
  issuer: number
  /** Whose points are good there beside the brand's. */
  local: readonly number[]
}

/** As the archive keeps it: fields of one hash of an account from now on, none where it is gone. */
export interface KeptRow {
  account: number
  kind: 'club' | 'club_todo' | 'club_read'
  /** Which of the account's hashes of that kind. */
  key: string
  fields: [name: string, value: Buffer][]
}

interface Named {
  account: number
  id: string
}

export interface ClubsDeps {
  store: Store
  partitions: Partitions
  clock: Clock
  rulebook: () => PublishedRulebook
  wallets: {
    issue(
      request: Named & {
        lots: { issuer: number; points: number }[]
        cause: 'club_task'
        subject: string
        at: number
      },
    ): Promise<{ ok: true } | Refusal>
    hold(
      request: Named & {
        points: number
        forMs: number
        use: 'club'
        subject: string
        at: number
        local: readonly number[]
      },
    ): Promise<{ ok: true; hold: { state: string } } | Refusal>
    capture(of: Named & { late: boolean }): Promise<{ ok: true } | Refusal>
    void(of: Named): Promise<{ ok: true } | Refusal>
  }
  /** The journal of a partition, and how an element of it tells the archive what accounts have beside points. */
  journalOf(slot: SlotTag): string
  packKept(rows: readonly KeptRow[]): Buffer
  placeOf(room: ClubRoom): Promise<ClubPlace>
  /** Growth on the ladder of the platform, once per id. Throws where that cannot be done now. */
  changeGrowth(
    change: Named & { growth: number; cause: 'club_rung'; subject: string },
  ): Promise<unknown>
  /** Waits until what was written in a slot cannot be lost any more while what follows of it in another one stays. */
  certain: Certain
  /** Rungs of the platform. */
  rungsOf(accounts: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** Takes points out of the budget of the room's live, once per id; false where they are not there. */
  lease(of: { room: string; live: number; id: string; points: number }): Promise<boolean>
  /** Shows an account to its devices anew. */
  tell(account: number): Promise<void>
  onError(error: unknown): void
  /** Tests run with a time of their own. */
  nowMs?: () => number
}

export const nowOf = ({ clock, nowMs }: Pick<ClubsDeps, 'clock' | 'nowMs'>): number =>
  nowMs?.() ?? clock.now()
