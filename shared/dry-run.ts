/** What a dry run found: what happened, played again by the rules in force and by others. Free of zod: consoles read it. */

import type { Bucket, Reason } from './receipt.ts'

/** What a rule paid. `rule` is its id, `task` for what tasks promised. */
export interface RuleSum {
  rule: string
  awards: number
  points: number
  growth: number
}

/** What one set of rules came to. */
export interface DrySums {
  points: number
  growth: number
  byRule: RuleSum[]
  /** Points of those who stood on a rung when they earned them. */
  byTier: { rung: number; points: number }[]
  /** How often a cap left nothing, or less than there was. */
  caps: { reason: Reason; times: number }[]
  /** How often somebody rose to a rung. */
  levelUps: { rung: number; times: number }[]
  /** At the end, of all accounts that were followed. */
  balances: Record<Bucket, number>
}

/** What somebody earned in the period. `account` as people see it. */
export interface DryAccount {
  account: string
  told: number
  tried: number
}

/** What was asked for. */
export interface DryRunAsked {
  /** Unix ms; events from here on, before `toMs`. */
  fromMs: number
  toMs: number
  /** Only what happened there is played by the other rules. */
  room?: string
  /** One account of so many is followed; 1 is all. */
  oneOf: number
}

export interface DryRunReport {
  asked: DryRunAsked
  /** Versions that were in force for it. */
  versions: number[]
  /** Of the period, and of everything before it that had to be played first. */
  entries: number
  before: number
  accounts: number
  /** Whether the rules in force make the ledger again: entries of the journal, and balances at the end. */
  proof: {
    entries: number
    sameEntries: number
    balances: number
    sameBalances: number
    /** Sentences, the first few. */
    differences: string[]
  }
  told: DrySums
  /** Absent where nothing was tried. */
  tried?: DrySums
  /** What orders of the period cost, fen. */
  salesFen: number
  /** Points by account, where something was tried. */
  people?: {
    gain: number
    lose: number
    same: number
    most: DryAccount[]
    least: DryAccount[]
    /** Points that were spent and would not have been there. */
    short: { accounts: number; points: number }
  }
  /** Entries whose heat fits more than one level; what another book makes of these is a guess. */
  ambiguousHeat: number
  tookMs: number
}

/** How far a run is, by elements of the archive. */
export interface DryRunProgress {
  done: number
  of: number
}

/** Why a dry run has no result. */
export const DRY_RUN_ENDS = [
  'cancelled',
  'too_much',
  'too_slow',
  'version_gone',
  'no_redis_server',
  'failed',
] as const
export type DryRunEnd = (typeof DRY_RUN_ENDS)[number]
