/** Team tasks: what friends reach together, in teams that viewers open themselves. */

import { z } from 'zod'
import { weekOf } from '../quests.ts'
import { TEAM_ACTIONS } from '../teams.ts'
import { DAY_MS, dayBounds, dayStartMs } from '../time.ts'
import { count, Label, RuleId } from './parts.ts'

export const TEAM_TASKS_MAX = 5
/** Members of one team. */
export const TEAM_SIZE_MAX = 20

const Day = z.iso.date().describe('Day of the platform')

export const TeamTask = z
  .strictObject({
    id: RuleId,
    enabled: z.boolean().default(true),
    title: Label,
    period: z
      .enum(['day', 'week', 'window'])
      .default('day')
      .describe('New teams every day or week, or once from the first to the last day'),
    from: Day.optional().describe('First day'),
    until: Day.optional().describe('Last day'),
    action: z.enum(TEAM_ACTIONS),
    target: count(1_000_000).describe('Reached together: minutes of watching, otherwise times'),
    most: count(1_000_000).describe('Most that one member contributes'),
    least: count(1_000_000).default(1).describe('Who contributed less is not paid'),
    min: z.int().min(2).max(TEAM_SIZE_MAX).default(2).describe('Members that a team needs'),
    max: z.int().min(2).max(TEAM_SIZE_MAX).default(5).describe('Members that a team may have'),
    points: count(10_000).describe('For each member who is paid, once a day, week or window'),
    budget: count(100_000_000).describe(
      'Most points of a day, week or window; a team that is opened has its part put aside',
    ),
    sameNetwork: z
      .int()
      .min(1)
      .max(TEAM_SIZE_MAX)
      .default(3)
      .describe('Most members of a team who come from one network'),
  })
  .superRefine(({ period, from, until, target, most, least, min, max, points, budget }, ctx) => {
    const issue = (path: string, message: string) =>
      ctx.addIssue({ code: 'custom', path: [path], message })
    if (period === 'window' && (!from || !until)) issue('from', 'a window has two ends')
    if (from && until && from > until) issue('until', 'not before the first day')
    if (min > max) issue('min', 'not more than a team may have')
    if (most >= target) issue('most', 'nobody reaches the target alone')
    if (most * max < target) issue('most', 'a full team must be able to reach the target')
    if (least > most) issue('least', 'not more than one member contributes')
    if (points * max > budget) issue('budget', 'enough for one team at least')
  })
export type TeamTask = z.infer<typeof TeamTask>

export const TeamTasks = z
  .array(TeamTask)
  .max(TEAM_TASKS_MAX)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
    message: 'each id once',
  })
  .default([])

/** One day, week or window of a task. */
export interface TeamPeriod {
  /** Number of the day, of the week, or of the first day of the window. */
  no: number
  startsAtMs: number
  endsAtMs: number
}

const dayOf = (text: string): number => Date.parse(`${text}T00:00:00Z`) / DAY_MS

/** Undefined where the task does not run then. */
export function teamPeriodAt(
  { enabled, period, from, until }: Pick<TeamTask, 'enabled' | 'period' | 'from' | 'until'>,
  { atMs, timeZone }: { atMs: number; timeZone: string },
): TeamPeriod | undefined {
  const { day } = dayBounds(atMs, timeZone)
  const first = from === undefined ? undefined : dayOf(from)
  const last = until === undefined ? undefined : dayOf(until)
  if (!enabled || day < (first ?? day) || day > (last ?? day)) return undefined
  const week = weekOf(day)
  const { no, begins, ends } = {
    day: { no: day, begins: day, ends: day + 1 },
    week: { no: week, begins: 7 * week - 3, ends: 7 * week + 4 },
    window: { no: first ?? day, begins: first ?? day, ends: (last ?? day) + 1 },
  }[period]
  return {
    no,
    startsAtMs: dayStartMs(Math.max(begins, first ?? begins), timeZone),
    endsAtMs: dayStartMs(Math.min(ends, (last ?? ends) + 1), timeZone),
  }
}
