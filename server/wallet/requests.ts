/** What wallets are asked for and answer, and what they are composed of. */

import type { Refusal } from '../../shared/errors.ts'
import type { Cause, HoldUse } from '../../shared/ledger.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Clock } from '../kernel/index.ts'
import type { Partitions, Store } from '../redis/index.ts'
import type { Pay } from './hold.ts'
import type { IssuedLot } from './issue.ts'
import type { AccountEntry } from './ledger.ts'
import type { Spot } from './pool.ts'

export interface WalletsOptions {
  store: Store
  partitions: Partitions
  clock: Clock
  rulebook: () => PublishedRulebook
  journalMax: number
  /** What the platform may still issue; any number of points without it. */
  issuance?: IssuancePort
  /** Issuer numbers of brands, for those of the coalition. */
  numbersOf: (brands: readonly string[]) => Promise<number[]>
  /** Whether a live runs, as its room says; without it one is over two days after a hold in it was opened. */
  runs?: (live: number) => Promise<boolean>
  /** Told of every change, once, after it was made; devices are shown it. */
  onMoved?: (entry: AccountEntry) => void
  /** Tests run scripts with a time of their own. */
  nowMs?: () => number
}

/** The cap on points that come into being. */
export interface IssuancePort {
  /** Runs what issues `need` points at most with what it may issue; undefined where it cannot be known in time. */
  within<R extends { paid: number }>(
    need: number,
    call: (allowance: { points: number; untilMs: number }) => Promise<R>,
  ): Promise<R | undefined>
  /** Points that came into being and are not bounded: taken over from elsewhere, or burned for by somebody else. */
  beside(points: number): void
}

/** `dup`: it had been done before; nothing moved now. */
export type WalletAnswer<T> = ({ ok: true; dup?: true } & T) | Refusal

/** An account and the id of what is done to it: an id is done once. */
export interface Named {
  account: number
  id: string
}

export interface HoldRequest extends Named, Spot {
  points: number
  forMs: number
  use: HoldUse
  subject?: string
  by?: string
  live?: number
  pay?: Pay
  /** Those whose points may pay, none for all; the pool of the spot where it is left out. */
  issuers?: readonly number[]
}

export interface IssueRequest extends Named {
  /** Without a month they expire as the rulebook says for points given now. */
  lots: readonly (Omit<IssuedLot, 'month'> & { month?: number })[]
  cause: Cause
  subject?: string
  by?: string
  at?: number
  note?: string
  pendingMs?: number
}

export interface TakeRequest extends Named {
  points: number
  partial?: boolean
  cause?: Cause
  subject?: string
  by?: string
  at?: number
  note?: string
  /** Those whose points are taken, none for all. */
  issuers?: readonly number[]
  /** By this list a repeat is recognised, where `issuers` may have become more by then. */
  asked?: readonly number[]
}
