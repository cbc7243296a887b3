/**
 * Quests: tasks that the rulebook sets for everybody, by the day, the week, a streak of days, or once. A task, without
 * more, is what a host runs in a room for some minutes.
 */

import { z } from 'zod'
import { ACTIONS, type Action } from '../receipt.ts'
import { count, Label, RuleId } from './parts.ts'

export const QUESTS_MAX = 24
/** Steps of one quest; a streak that pays more each day is one step a day. */
export const STEPS_MAX = 10
/** Records of accounts have a place for so many quests for ever. */
const NUMBER_MAX = 60
const STREAK_DAYS_MAX = 366

export const QUEST_PERIODS = ['day', 'week', 'once', 'streak'] as const
export type QuestPeriod = (typeof QUEST_PERIODS)[number]
/** What follows the last day of a streak. */
export const STREAK_CYCLES = ['end', 'again', 'stay'] as const

/** What a quest may count: everything but what quests and tasks pay. */
const Countable = z.enum(
  Object.keys(ACTIONS).filter((action) => action !== 'task') as [Action, ...Action[]],
)

export const QuestStep = z.strictObject({
  goal: count(1_000_000).describe(
    'How often; minutes of watching, yuan of purchases; the day of a streak',
  ),
  points: z.int().min(0).max(100_000).default(0),
  growth: z.int().min(0).max(100_000).default(0),
  rungs: z.int().min(0).max(1).default(0).describe('Tiers it raises by'),
})
export type QuestStep = z.infer<typeof QuestStep>

const MonthDay = z
  .string()
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/)
  .describe('Month and day, such as 07-01')

export const Quest = z
  .strictObject({
    id: RuleId,
    no: z.int().min(1).max(NUMBER_MAX).describe('Stable number in records; never reuse one'),
    title: Label,
    enabled: z.boolean().default(true),
    period: z.enum(QUEST_PERIODS),
    action: Countable,
    steps: z.array(QuestStep).min(1).max(STEPS_MAX).describe('Each pays when it is reached'),
    cycle: z
      .enum(STREAK_CYCLES)
      .default('again')
      .describe(
        'After the last day of a streak: it ends, begins again, or every further day pays as the last',
      ),
    inRoom: z.boolean().default(false).describe('Counts only what is done in a live'),
    category: RuleId.optional().describe('Purchases and good deeds: only those of this category'),
    newDays: count(365).optional().describe('Only in the first so many days of an account'),
    minRung: z.int().min(0).max(9).default(0).describe('Only from this tier on, 0 is the first'),
    needs: RuleId.optional().describe('Another quest that has to be done first'),
    season: z
      .strictObject({
        from: MonthDay,
        until: MonthDay.describe('The last day'),
        percent: z.int().min(10).max(100).describe('Points are so many percent, at least one'),
      })
      .optional()
      .describe('A part of each year in which it pays less'),
  })
  .superRefine(({ period, steps, category, action }, ctx) => {
    steps.forEach(({ goal }, i) => {
      if (goal <= (steps[i - 1]?.goal ?? 0))
        ctx.addIssue({
          code: 'custom',
          path: ['steps', i, 'goal'],
          message: 'each step needs more than the one before',
        })
      if (period === 'streak' && goal > STREAK_DAYS_MAX)
        ctx.addIssue({
          code: 'custom',
          path: ['steps', i, 'goal'],
          message: `a streak has at most ${STREAK_DAYS_MAX} days`,
        })
    })
    if (category !== undefined && action !== 'purchase' && action !== 'deed')
      ctx.addIssue({
        code: 'custom',
        path: ['category'],
        message: 'only purchases and good deeds have a category',
      })
  })
export type Quest = z.infer<typeof Quest>

export const Quests = z.array(Quest).max(QUESTS_MAX).default([])

/** What does not fit between quests, and between them and earn rules, whose ids receipts share. */
export function questProblems(
  quests: readonly Quest[],
  ruleIds: readonly string[],
): { path: (string | number)[]; message: string }[] {
  const seen = new Set<string | number>(ruleIds)
  const before = new Set<string>()
  return quests.flatMap(({ id, no, needs, period, cycle }, i) => {
    const twice = [id, no].filter((key) => seen.has(key))
    seen.add(id).add(no)
    const isMissing = needs !== undefined && !before.has(needs)
    // Whether a streak that goes on is done changes every day.
    if (period !== 'streak' || cycle === 'end') before.add(id)
    return [
      ...twice.map((key) => ({ path: ['quests', i], message: `${key} stands twice` })),
      ...(isMissing
        ? [{ path: ['quests', i, 'needs'], message: `no quest before it that ends is ${needs}` }]
        : []),
    ]
  })
}
