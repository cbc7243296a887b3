/** What journal elements say of each account, for an experiment. Pure. */

import { STUDIED, type Studied } from '../../../shared/experiments.ts'
import { BUCKETS, REASONS, type Reason } from '../../../shared/receipt.ts'
import {
  eachPaid,
  RECEIPT_BYTES,
  type SkimmedBatch,
  type SkimmedEntry,
  soldBy,
} from '../../scoring/index.ts'
import { doingsOf } from '../doings.ts'
import type { Reader } from '../reading.ts'

/** What is counted of whom. */
export interface Study {
  id: string
  /** Unix ms; the end does not belong to it. */
  fromMs: number
  untilMs: number
  /** A pilot tells apart by which version an account was scored in a room; else the account is all that counts. */
  byVersion: boolean
  /** Fen of one unit of an earn rule. */
  fenOf: (ruleNo: number) => number
}

/** What a cap took from viewers. */
const REFUSED: ReadonlySet<number> = new Set(
  (
    [
      'minute_cap',
      'live_cap',
      'daily_cap',
      'daily_points',
      'award_cap',
      'budget',
      'issuance_cap',
      'wallet_full',
    ] satisfies Reason[]
  ).map((reason) => REASONS[reason]),
)
const PLATFORM_LADDER = 1
const AT = Object.fromEntries(STUDIED.map((name, i) => [name, i])) as Record<Studied, number>

const isBucket = (place: string): boolean => place in BUCKETS

export class StudyCount implements Reader {
  readonly study: Study
  readonly #accounts: Record<string, number[]> = {}

  constructor(study: Study) {
    this.study = study
  }

  /** What is to be added, by field. */
  get added(): Readonly<Record<string, readonly number[]>> {
    return this.#accounts
  }

  covers(atMs: number): boolean {
    const { fromMs, untilMs } = this.study
    return atMs >= fromMs && atMs < untilMs
  }

  scored({ account, live, rulebook, receipts, promotions }: SkimmedEntry): void {
    const { byVersion, fenOf } = this.study
    if (byVersion && live === 0) return
    let issued = 0
    let refused = 0
    eachPaid(receipts, (_action, _bucket, points) => {
      issued += points
    })
    for (let at = 0; at < receipts.length; at += RECEIPT_BYTES)
      if (REFUSED.has(receipts[at + 2] ?? 0)) refused++
    const { watchedSec, acts, spentFen } = doingsOf(receipts, fenOf)
    this.#count(byVersion ? `${account}:${rulebook}` : account, {
      issued,
      net: issued,
      refused,
      watchedSec,
      acts: Object.values(acts).reduce((sum, n) => sum + (n ?? 0), 0),
      tierUps: promotions.filter(({ ladder }) => ladder === PLATFORM_LADDER).length,
      // Else orders say it to the fen, and refunds with them.
      salesFen: byVersion ? spentFen : 0,
    })
  }

  rest({ ledger, kept }: SkimmedBatch): void {
    // Where points were spent says nothing of the room that they were earned in.
    if (this.study.byVersion) return
    for (const { account, moves } of ledger)
      for (const { from, to, points } of moves) this.#moved(account, { from, to, points })
    for (const entry of kept)
      if (entry.kind === 'order') this.#count(entry.account, { salesFen: soldBy(entry) })
  }

  #moved(account: number, { from, to, points }: { from: string; to: string; points: number }) {
    const by: Partial<Record<Studied, number>> = {
      net: (isBucket(to) ? points : 0) - (isBucket(from) ? points : 0),
    }
    if (from === 'issued') by.issued = points
    if (from === 'spent') by.spent = -points
    if (to === 'spent') by.spent = (by.spent ?? 0) + points
    if (to === 'expired') by.expired = points
    this.#count(account, by)
  }

  #count(field: string | number, by: Partial<Record<Studied, number>>): void {
    this.#accounts[field] ??= STUDIED.map(() => 0)
    const sums = this.#accounts[field]
    for (const [name, n] of Object.entries(by)) {
      const at = AT[name as Studied]
      sums[at] = (sums[at] ?? 0) + n
    }
  }
}
