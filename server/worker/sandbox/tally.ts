/** Adds up what one set of rules came to. */

import type { DrySums, RuleSum } from '../../../shared/dry-run.ts'
import { BUCKETS, type Bucket, type Reason } from '../../../shared/receipt.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { type JournalEntry, ruleName, ruleRef, TASK_RULE } from '../../scoring/index.ts'
import type { Wallet } from '../../wallet/index.ts'

/** Reasons that are caps: of units, of points, of the live, of the wallet. */
const CAPS: ReadonlySet<Reason> = new Set([
  ...(['minute_cap', 'live_cap', 'daily_cap', 'daily_points', 'once_only'] as const),
  ...(['award_cap', 'budget', 'issuance_cap', 'wallet_full'] as const),
])

function count<K>(of: Map<K, number>, key: K, by = 1): void {
  of.set(key, (of.get(key) ?? 0) + by)
}

export class Tally {
  /** Points of the period by account. */
  readonly points = new Map<number, number>()
  /** On which rung each account stands. */
  readonly rungs = new Map<number, number>()
  readonly #rules = new Map<string, RuleSum>()
  readonly #tiers = new Map<number, number>()
  readonly #caps = new Map<Reason, number>()
  readonly #levelUps = new Map<number, number>()
  readonly #balances = emptyBalances()

  /** `within`: it belongs to what was asked for. */
  take(entry: JournalEntry, book: Rulebook, within: boolean): void {
    const { account, receipts, promotions } = entry
    if (within) {
      const rung = this.rungs.get(account) ?? 0
      count(this.points, account, 0)
      for (const { ruleNo, task, points, growth, reason } of receipts) {
        if (CAPS.has(reason)) count(this.#caps, reason)
        if (points === 0 && growth === 0) continue
        const rule =
          ruleName(book, ruleRef(ruleNo, task)) || (ruleNo === TASK_RULE ? 'task' : String(ruleNo))
        const sum = this.#rules.get(rule) ?? { rule, awards: 0, points: 0, growth: 0 }
        this.#rules.set(rule, sum)
        sum.awards++
        sum.points += points
        sum.growth += growth
        count(this.points, account, points)
        count(this.#tiers, rung, points)
      }
      for (const promotion of promotions) count(this.#levelUps, promotion.rung)
    }
    for (const { rung } of promotions) this.rungs.set(account, rung)
  }

  /** An account as it stands at the end. */
  close({ lots }: Wallet): void {
    for (const { bucket, points } of lots) this.#balances[bucket] += points
  }

  sums(): DrySums {
    const byRule = [...this.#rules.values()].sort((a, b) => b.points - a.points)
    const sum = (of: 'points' | 'growth') => byRule.reduce((all, rule) => all + rule[of], 0)
    return {
      points: sum('points'),
      growth: sum('growth'),
      byRule,
      byTier: sorted(this.#tiers).map(([rung, points]) => ({ rung, points })),
      caps: [...this.#caps]
        .sort((a, b) => b[1] - a[1])
        .map(([reason, times]) => ({ reason, times })),
      levelUps: sorted(this.#levelUps).map(([rung, times]) => ({ rung, times })),
      balances: this.#balances,
    }
  }
}

const sorted = (of: Map<number, number>) => [...of].sort(([a], [b]) => a - b)

const emptyBalances = (): Record<Bucket, number> => {
  const names = Object.keys(BUCKETS) as Bucket[]
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Bucket, number>
}
