/** What a reward costs at a time, and how long it does: double-value events and the burn week. Pure. */

import { type BurnWeek, burnWeekAt, runsAt } from '../../shared/rulebook/burn-week.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { monthBounds, monthStartMs } from '../../shared/time.ts'
import type { StoredDouble, StoredReward } from './schema.ts'

/** What it is listed at by a ratio of redemption (`redemption.factor` of the rulebook), rounded up. */
export function listedAt(reward: StoredReward, factor: number): StoredReward {
  if (factor === 1) return reward
  const { doc } = reward
  // Thousandths, so that no fraction of a point decides.
  const at = (points: number): number => Math.ceil((points * Math.round(factor * 1000)) / 1000)
  const { member, burnWeek } = doc
  return {
    ...reward,
    doc: {
      ...doc,
      points: at(doc.points),
      ...(member && {
        member: { ...member, ...(member.points !== undefined && { points: at(member.points) }) },
      }),
      ...(burnWeek && {
        burnWeek: {
          ...burnWeek,
          ...(burnWeek.leastPoints !== undefined && { leastPoints: at(burnWeek.leastPoints) }),
        },
      }),
    },
  }
}

export interface Price {
  points: number
  /** Where an event lowers it: what it costs otherwise. */
  usualPoints?: number
  /** The price holds from then, and until then (exclusive), Unix ms. */
  fromMs: number
  untilMs: number
}

/** The burn week that runs or comes next, as the rulebook has it. */
export interface Burning extends BurnWeek {
  factor: number
  /** Start of the month in which it was asked for. */
  monthStartMs: number
}

type Priced = Pick<StoredReward, 'id' | 'brand' | 'doc'>

const NEVER_MS = 1e14

export function burningAt(
  { wallet, timeZone }: Pick<Rulebook, 'wallet' | 'timeZone'>,
  atMs: number,
): Burning | undefined {
  const week = burnWeekAt(wallet, atMs, timeZone)
  if (!week || !wallet.burnWeek) return undefined
  const { month } = monthBounds(atMs, timeZone)
  return {
    ...week,
    factor: wallet.burnWeek.factor,
    monthStartMs: monthStartMs(month, timeZone),
  }
}

/** The lower of the two prices, as long as neither of them changes. */
export function priceAt(
  reward: Priced,
  { doubles, burning }: { doubles: readonly StoredDouble[]; burning: Burning | undefined },
  atMs: number,
): Price {
  const usual = reward.doc.points
  const double = doublePrice(reward, doubles, atMs)
  const burn = burnPrice(reward, burning, atMs)
  const points = Math.min(double.points, burn.points)
  return {
    points,
    ...(points < usual && { usualPoints: usual }),
    fromMs: Math.max(double.fromMs, burn.fromMs),
    untilMs: Math.min(double.untilMs, burn.untilMs),
  }
}

function doublePrice(reward: Priced, doubles: readonly StoredDouble[], atMs: number): Price {
  const { points } = reward.doc
  const mine = doubles.filter(
    ({ brand, rewards }) =>
      brand === reward.brand && (rewards.length === 0 || rewards.includes(reward.id)),
  )
  const running = mine.filter(({ startsAtMs, endsAtMs }) => startsAtMs <= atMs && atMs < endsAtMs)
  if (running.length > 0)
    return {
      points: Math.ceil(points / 2),
      fromMs: Math.min(...running.map(({ startsAtMs }) => startsAtMs)),
      untilMs: Math.max(...running.map(({ endsAtMs }) => endsAtMs)),
    }
  const past = mine.filter(({ endsAtMs }) => endsAtMs <= atMs)
  const coming = mine.filter(({ startsAtMs }) => startsAtMs > atMs)
  return {
    points,
    fromMs: Math.max(0, ...past.map(({ endsAtMs }) => endsAtMs)),
    untilMs: Math.min(NEVER_MS, ...coming.map(({ startsAtMs }) => startsAtMs)),
  }
}

function burnPrice({ doc }: Priced, burning: Burning | undefined, atMs: number): Price {
  const { points, burnWeek } = doc
  if (!burnWeek || !burning) return { points, fromMs: 0, untilMs: NEVER_MS }
  const { opensAtMs, closesAtMs, factor } = burning
  if (!runsAt(burning, atMs)) return { points, fromMs: burning.monthStartMs, untilMs: opensAtMs }
  // Thousandths, so that no fraction of a point decides.
  const lowered = Math.ceil((points * Math.round(factor * 1000)) / 1000)
  return {
    points: Math.max(burnWeek.leastPoints ?? 1, lowered),
    fromMs: opensAtMs,
    untilMs: closesAtMs,
  }
}
