/** The economy as the service tells it. */

import type { EconomyDay, EconomyLive, Figures, Inflation, Sums } from '../../../shared/economy.ts'
import type { AlarmLevel, Audit, Verdict } from '../../../shared/economy-verdict.ts'
import type { Answer, Api } from '../api.ts'

/** Periods that can be chosen, days. */
export const PERIODS = [30, 90, 365] as const
export type Period = (typeof PERIODS)[number]

export interface Day extends Omit<EconomyDay, 'day' | 'liveShares'> {
  /** `2026-11-30`. */
  date: string
  verdict: Verdict
}

export interface Live extends EconomyLive {
  date: string
}

export interface Economy {
  days: Day[]
  lives: Live[]
  figures: Figures
  sums: Sums
  /** The running day so far. */
  today: Sums & { date: string }
  growth: Inflation
  latest?: Verdict
  audit?: Audit & { date: string }
  thresholds: { days: number; warn: number; critical: number; issuedPerSales: number }
}

export const readEconomy = (api: Api, days: Period): Promise<Answer<Economy>> =>
  api.get<Economy>(`/v1/economy?days=${days}`)

/** The worse of the alarms of a day. */
export function worstOf({ level, incentives }: Verdict): AlarmLevel {
  if (level === 'critical') return level
  return level === 'warn' || incentives === 'warn' ? 'warn' : 'ok'
}

/** `11.1%`; small shares to the hundredth. */
export const percent = (share: number): string => {
  const digits = Math.abs(share) < 0.02 ? 2 : 1
  return `${Number((share * 100).toFixed(digits))}%`
}

/** Sums of all days by name, most first. */
export function byName(
  days: readonly Day[],
  of: 'issued' | 'spent',
): { name: string; points: number }[] {
  const sums = new Map<string, number>()
  for (const day of days)
    for (const [name, points] of Object.entries(day[of]))
      sums.set(name, (sums.get(name) ?? 0) + points)
  return [...sums].map(([name, points]) => ({ name, points })).sort((a, b) => b.points - a.points)
}

export interface Score {
  answers: number
  promoters: number
  detractors: number
  /** From -100 to 100. */
  score?: number
}

export interface Opinions {
  /** Whether viewers are asked now. */
  asking: boolean
  months: (Score & { month: string; rungs: (Score & { rung: number })[] })[]
}

export const readOpinions = (api: Api): Promise<Answer<Opinions>> =>
  api.get<Opinions>('/v1/economy/survey')
