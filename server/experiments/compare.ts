/**
 * What an experiment found: figures of each arm, and by how much they differ from the control. Pure.
 *
 * The account is what was assigned, so it is what is counted: every variance is that of accounts, never of events, which
 * of one viewer are alike. Means are compared as Welch does for two samples of unequal variance (B. L. Welch, "The
 * generalization of Student's problem", Biometrika 34, 1947), with the normal quantile, which is right for the hundreds of
 * viewers that are asked for. Shares (cost of sales, growth of what there was) are ratios of two sums over accounts; their
 * variance is by the delta method (A. Deng, U. Knoblich, J. Lu, "Applying the delta method in metric analytics", KDD 2018).
 * With several arms each interval is wider, so that together they miss once in twenty (Bonferroni).
 */

import {
  type ArmFigures,
  type Estimate,
  GOALS,
  type Goal,
  STUDIED,
  type Studied,
  type Verdict,
} from '../../shared/experiments.ts'
import { VIEWERS_LEAST } from './limits.ts'

/** One account: what was counted of it, and the points it had when that began. */
export interface Observation {
  studied: readonly number[]
  before: number
}

/** Mean and variance of accounts, and how two of their numbers move together, added one by one. */
class Pair {
  n = 0
  x = 0
  y = 0
  #xx = 0
  #yy = 0
  #xy = 0

  /** As Welford: sums of squares would lose what large numbers differ by. */
  add(x: number, y: number): void {
    this.n++
    const dx = x - this.x
    const dy = y - this.y
    this.x += dx / this.n
    this.y += dy / this.n
    this.#xx += dx * (x - this.x)
    this.#yy += dy * (y - this.y)
    this.#xy += dx * (y - this.y)
  }

  #of(sum: number): number {
    return this.n > 1 ? sum / (this.n - 1) : 0
  }

  /** Mean of `x`, and the variance of that mean. */
  mean(): Guess {
    return { value: this.x, variance: this.#of(this.#xx) / this.n, isKnown: this.n > 0 }
  }

  /** Sum of `x` by the sum of `y`, and its variance by the delta method. */
  ratio(): Guess {
    if (this.y <= 0) return { value: 0, variance: 0, isKnown: false }
    const value = this.x / this.y
    const variance =
      (this.#of(this.#xx) - 2 * value * this.#of(this.#xy) + value ** 2 * this.#of(this.#yy)) /
      (this.n * this.y ** 2)
    // A divisor that may as well be nothing tells nothing.
    const noise = Math.sqrt(this.#of(this.#yy) / this.n)
    return { value, variance: Math.max(0, variance), isKnown: true, isSure: this.y > 3 * noise }
  }
}

interface Guess {
  value: number
  variance: number
  isKnown: boolean
  /** Of a ratio: its divisor is well away from nothing. */
  isSure?: boolean
}

const at = (name: Studied): number => STUDIED.indexOf(name)
const AT = Object.fromEntries(STUDIED.map((name) => [name, at(name)])) as Record<Studied, number>

/** What one arm comes to. */
export class ArmSums {
  viewers = 0
  active = 0
  readonly sums = STUDIED.map(() => 0)
  before = 0
  readonly #cost = new Pair()
  readonly #net = new Pair()
  readonly #watched = new Pair()
  readonly #tierUps = new Pair()
  readonly #acts = new Pair()
  readonly #sales = new Pair()

  add({ studied, before }: Observation): void {
    const of = (name: Studied): number => studied[AT[name]] ?? 0
    this.viewers++
    if (of('acts') > 0) this.active++
    for (const [i, n] of studied.entries()) this.sums[i] = (this.sums[i] ?? 0) + n
    this.before += before
    this.#cost.add(of('issued'), of('salesFen'))
    this.#net.add(of('net'), before)
    this.#watched.add(of('watchedSec'), 0)
    this.#tierUps.add(of('tierUps'), 0)
    this.#acts.add(of('acts'), 0)
    this.#sales.add(of('salesFen'), 0)
  }

  sum(name: Studied): number {
    return this.sums[AT[name]] ?? 0
  }

  /** Shares as numbers, 0.1 is 10 %; sales in fen and watching in seconds a viewer. */
  guess(goal: Goal, pointValueFen: number): Guess {
    switch (goal) {
      case 'costShare': {
        const { value, variance, ...rest } = this.#cost.ratio()
        return { value: value * pointValueFen, variance: variance * pointValueFen ** 2, ...rest }
      }
      case 'inflation':
        return this.#net.ratio()
      case 'sales':
        return this.#sales.mean()
      case 'watched':
        return this.#watched.mean()
      case 'tierUps':
        return this.#tierUps.mean()
      case 'acts':
        return this.#acts.mean()
      default:
        return goal satisfies never
    }
  }
}

/** Two-sided 5 % over one to four arms. */
const QUANTILES = [1.96, 2.241, 2.394, 2.498]

export interface Comparing {
  pointValueFen: number
  /** Arms that are compared with the control at once. */
  arms: number
  /** Only what ran its time is compared: looking early and often finds differences where there are none. */
  isComplete: boolean
}

function estimate(
  arm: Guess,
  control: Guess | undefined,
  { n, arms }: { n: number; arms: number },
): Estimate | undefined {
  if (!arm.isKnown) return undefined
  const few = n < VIEWERS_LEAST || arm.isSure === false || control?.isSure === false
  if (!control?.isKnown || few) return { value: arm.value }
  const difference = arm.value - control.value
  const half = (QUANTILES[arms - 1] ?? 0) * Math.sqrt(arm.variance + control.variance)
  return { value: arm.value, difference, low: difference - half, high: difference + half }
}

/** Figures of an arm, compared with the control where it may be; the control itself has none to compare with. */
export function figuresOf(
  id: string,
  { arm, control }: { arm: ArmSums; control?: ArmSums },
  { pointValueFen, arms, isComplete }: Comparing,
): ArmFigures {
  const n = Math.min(arm.viewers, control?.viewers ?? 0)
  const estimates: ArmFigures['estimates'] = {}
  for (const goal of Object.keys(GOALS) as Goal[]) {
    const other = isComplete ? control?.guess(goal, pointValueFen) : undefined
    const found = estimate(arm.guess(goal, pointValueFen), other, { n, arms })
    if (found) estimates[goal] = found
  }
  return {
    id,
    viewers: arm.viewers,
    active: arm.active,
    sums: Object.fromEntries(STUDIED.map((name) => [name, arm.sum(name)])) as ArmFigures['sums'],
    costFen: arm.sum('issued') * pointValueFen,
    estimates,
  }
}

/** What the goal says of an arm that ran its time. */
export function verdictOf({ estimates }: ArmFigures, goal: Goal): Verdict {
  const { low, high } = estimates[goal] ?? {}
  if (low === undefined || high === undefined) return 'few'
  if (low <= 0 && high >= 0) return 'even'
  const isMore = low > 0
  return isMore === (GOALS[goal] === 'more') ? 'better' : 'worse'
}
