/** What one award of a rule pays on each tier: only what follows from the book by itself. */

import { award, ONE, stackMultipliers } from '../../../shared/points.ts'
import type { EarnRule, Rulebook } from '../../../shared/rulebook/schema.ts'

/** An order of so many yuan stands for purchases, in which one yuan says little. */
export const SAMPLE_YUAN = 100
const FEN = 100

const milli = (n: number): number => Math.round(n * ONE)

/** Points of one award on that rung at that heat, outside campaigns and before daily limits; thousandths. */
export function paidBy(
  book: Rulebook,
  rule: EarnRule,
  at: { rung: number; level: number },
): number {
  const units = rule.action === 'purchase' ? Math.floor((SAMPLE_YUAN * FEN) / rule.per) : 1
  const multiplier = stackMultipliers(
    {
      heat: milli(book.heat.levels[at.level]?.factors[rule.action] ?? 1),
      campaign: ONE,
      tier: milli(book.ladder.rungs[at.rung]?.factor ?? 1),
      personal: ONE,
    },
    book.stacking,
    milli(book.ceiling),
  )
  const most = milli(rule.capPerAward ?? Number.POSITIVE_INFINITY)
  const gross = milli(rule.points) * units
  const early = rule.capStage === 'beforeMultiplier'
  const base = early ? Math.min(gross, most) : gross
  const { points, carry } = award({ baseMilli: base, units: 1, multiplier, carry: 0 })
  const paid = points * ONE + carry
  return early ? paid : Math.min(paid, most)
}

export interface Gain {
  rung: number
  /** Thousandths of a point; undefined where the rule pays nothing there. */
  calm: { before: number; after: number }
  hottest: { before: number; after: number }
}

/** For each tier that both books have; undefined where the tiers are not the same. */
export function gainsOf(before: Rulebook, after: Rulebook, ruleId: string): Gain[] | undefined {
  const old = before.earn.find(({ id }) => id === ruleId)
  const rule = after.earn.find(({ id }) => id === ruleId)
  const ids = (book: Rulebook) => book.ladder.rungs.map(({ id }) => id).join()
  if (!rule || ids(before) !== ids(after)) return undefined
  const pays = (book: Rulebook, one: EarnRule | undefined) => (rung: number, level: number) =>
    one?.enabled ? paidBy(book, one, { rung, level }) : 0
  const [was, is] = [pays(before, old), pays(after, rule)]
  const top = (book: Rulebook) => book.heat.levels.length - 1
  return after.ladder.rungs.map((_, rung) => ({
    rung,
    calm: { before: was(rung, 0), after: is(rung, 0) },
    hottest: { before: was(rung, top(before)), after: is(rung, top(after)) },
  }))
}
