/** What teams need of others, as ports: foundations do not know each other. */

import type { Refusal } from '../../shared/errors.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Clock } from '../kernel/index.ts'
import type { Certain, Partitions, Store } from '../redis/index.ts'

export interface TeamsDeps {
  store: Store
  partitions: Partitions
  clock: Clock
  rulebook: () => PublishedRulebook
  wallets: {
    issue(request: {
      account: number
      id: string
      lots: { issuer: number; points: number }[]
      cause: 'team_task'
      subject: string
      at: number
    }): Promise<{ ok: true } | Refusal>
  }
  /** Waits until what was written in a slot cannot be lost any more while what follows of it in another one stays. */
  certain: Certain
  /** The account where a merged one is now; its own where it was not merged. */
  settledIn(account: number): Promise<number>
  /** As they are shown to others. */
  namesOf(accounts: readonly number[]): Promise<ReadonlyMap<number, string>>
  /** Shows an account to its devices anew. */
  tell(account: number): Promise<void>
  onError(error: unknown): void
  /** Tests run with a time of their own. */
  nowMs?: () => number
}

export const nowOf = ({ clock, nowMs }: Pick<TeamsDeps, 'clock' | 'nowMs'>): number =>
  nowMs?.() ?? clock.now()

/** Who wants to be in a team, and from where. */
export interface Comer {
  account: number
  /** Whose tasks these are, and whose points are paid. */
  brandNo: number
  /** Names the network without saying which it is. */
  network?: string
}
