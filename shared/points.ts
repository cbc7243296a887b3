/** Arithmetic of points. Integers only; the same formulas stand in the scoring script. */

/** Redis Lua loses digits past 14, so no amount may ever be larger (design, section 10). */
export const MAX_POINTS = 99_999_999_999_999

/** Multipliers are thousandths: 1000 is x1.0. */
export const ONE = 1000

/** A single multiplier above x6 would overflow the exact product of four of them (6000^4 < 2^53). */
export const MAX_MULTIPLIER = 6 * ONE

export interface Multipliers {
  heat: number
  campaign: number
  tier: number
  personal: number
}

export const STACKINGS = ['product', 'sum', 'max'] as const
export type Stacking = (typeof STACKINGS)[number]

/**
 * The multiplier that applies, in thousandths, rounded down, never above the ceiling.
 * `sum` adds the parts above x1, so two doublings give x3.
 */
export function stackMultipliers(m: Multipliers, stacking: Stacking, ceiling: number): number {
  const stacked =
    stacking === 'product'
      ? Math.floor((m.heat * m.campaign * m.tier * m.personal) / ONE ** 3)
      : stacking === 'sum'
        ? Math.max(0, m.heat + m.campaign + m.tier + m.personal - 3 * ONE)
        : Math.max(m.heat, m.campaign, m.tier, m.personal)
  return Math.min(stacked, ceiling)
}

export interface Award {
  /** Whole points credited. */
  points: number
  /** Thousandths of a point kept in the account for the next award. */
  carry: number
}

export interface AwardBasis {
  /** Thousandths of a point per unit. */
  baseMilli: number
  units: number
  /** Thousandths. */
  multiplier: number
  /** Thousandths of a point left over from the awards before. */
  carry: number
}

/**
 * Points for `units` at `baseMilli` thousandths of a point each. What does not make a whole point is
 * carried, so seven likes pay the same whether they arrive as one command or as seven.
 */
export function award({ baseMilli, units, multiplier, carry }: AwardBasis): Award {
  const milli = Math.floor((baseMilli * units * multiplier) / ONE) + carry
  return { points: Math.floor(milli / 1000), carry: milli % 1000 }
}

/** Shares are given in decimals, which binary fractions miss by a little: 0.29 of 100 is 29, not 28. */
const SHARE_WHOLE = 1_000_000

/** That part of an amount, rounded down. `share` is 0 to 1, to six decimals; exact below 9 billion. */
export const partOf = (amount: number, share: number): number =>
  Math.floor((amount * Math.round(share * SHARE_WHOLE)) / SHARE_WHOLE)
