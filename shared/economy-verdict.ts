/** What a closed day says of the economy: how bad inflation is, whether incentives cost too much, the audit of the year. No zod. */

import {
  type EconomyDay,
  figuresOf,
  heldOn,
  type Inflation,
  inflationOf,
  sumDays,
} from './economy.ts'
import type { EconomyPolicy } from './rulebook/economy.ts'

export const ALARM_LEVELS = ['ok', 'warn', 'critical'] as const
export type AlarmLevel = (typeof ALARM_LEVELS)[number]

/** 003-01, 003-42: above 10 % is a warning, above 15 % critical, where the rulebook says nothing else. */
export function levelOf(
  value: number | undefined,
  { warn, critical }: { warn: number; critical?: number },
): AlarmLevel {
  if (value === undefined) return 'ok'
  if (critical !== undefined && value > critical) return 'critical'
  return value > warn ? 'warn' : 'ok'
}

/**
 * What is held against the thresholds. Of a number of times it is what is above 1; while the accounts do not grow it is
 * the growth of the stock, so that a quiet month hides nothing.
 */
export function alarmedOn(
  inflation: Inflation,
  definition: EconomyPolicy['inflation']['definition'],
): number | undefined {
  if (definition !== 'stockOverUsers') return inflation[definition]
  const times = inflation.stockOverUsers
  return times === undefined ? inflation.stock : times - 1
}

/** The stock of points, looked at once a year. */
export interface Audit {
  points: number
  /** What they are worth. */
  fen: number
  /** Of the year that ends. */
  salesFen: number
  /** Most points there should be; absent where nothing says. */
  limit?: number
  /** 003-36: what is proposed to burn of them; absent where there are not too many. */
  burn?: { points: number; days: number; factor: number }
}

/** Days that an audit looks back. */
export const YEAR_DAYS = 365
/** Proposed burn week: so many days before points expire, and what rewards cost in it. */
const BURN_DAYS = 7
const BURN_FACTOR = 0.5

/** 003-36, of the last day of a year and those before it. */
export function auditOf(
  last: EconomyDay,
  earlier: readonly EconomyDay[],
  { policy, pointValueFen }: { policy: EconomyPolicy['audit']; pointValueFen: number },
): Audit {
  const days = [...earlier, last].filter(({ day }) => day > last.day - YEAR_DAYS)
  const { points } = heldOn(last)
  const { salesFen } = sumDays(days)
  const bySales =
    salesFen > 0 ? Math.floor((salesFen * policy.maxShare) / pointValueFen) : undefined
  const limits = [bySales, policy.maxPoints].filter((limit) => limit !== undefined)
  const limit = limits.length > 0 ? Math.min(...limits) : undefined
  const over = limit === undefined ? 0 : points - limit
  return {
    points,
    fen: points * pointValueFen,
    salesFen,
    ...(limit !== undefined && { limit }),
    ...(over > 0 && { burn: { points: over, days: BURN_DAYS, factor: BURN_FACTOR } }),
  }
}

/** What a day that was closed says of the economy, by the rulebook in force when it was closed. */
export interface Verdict {
  inflation: Inflation
  /** The one that is alarmed on, and how bad it is. */
  definition: EconomyPolicy['inflation']['definition']
  value?: number
  level: AlarmLevel
  /** Incentives by sales, over as many days as inflation is measured. */
  issuedPerSales?: number
  incentives: AlarmLevel
  /** On the day of the audit. */
  audit?: Audit
}

/** Of a day, with those before it, oldest first. */
export function verdictOf(
  last: EconomyDay,
  earlier: readonly EconomyDay[],
  of: { policy: EconomyPolicy; pointValueFen: number; auditDay: boolean },
): Verdict {
  const days = [...earlier, last]
  const { inflation: rule, issuedPerSales, highRung, audit: auditPolicy } = of.policy
  const before = earlier.find(({ day }) => day === last.day - rule.days)
  const inflation = before ? inflationOf(heldOn(last), heldOn(before)) : {}
  const value = alarmedOn(inflation, rule.definition)
  const window = days.filter(({ day }) => day > last.day - rule.days)
  const figures = figuresOf(window, { pointValueFen: of.pointValueFen, highRung })
  const audit =
    of.auditDay && auditOf(last, earlier, { policy: auditPolicy, pointValueFen: of.pointValueFen })
  return {
    inflation,
    definition: rule.definition,
    ...(value !== undefined && { value }),
    level: levelOf(value, rule),
    ...(figures.issuedPerSales !== undefined && { issuedPerSales: figures.issuedPerSales }),
    incentives: levelOf(figures.issuedPerSales, { warn: issuedPerSales }),
    ...(audit && { audit }),
  }
}
