/** Quests as viewers see them: how far they are, what comes next, and when they begin anew. Free of zod. */

import type { Action } from './receipt.ts'
import type { Label, Quest, QuestPeriod, Rulebook } from './rulebook/schema.ts'
import { DAY_MS, dayStartMs } from './time.ts'

/** One quest of one account as its record tells. */
export interface QuestRow {
  /** Number of the quest. */
  quest: number
  /** Number of the day or week that progress is of; of a streak its last day. */
  period: number
  progress: number
  /** Steps reached in it; of a streak that ends, ever. */
  paid: number
}

export interface QuestStepView {
  goal: number
  points: number
  growth: number
  /** Tiers it raises by. */
  rungs: number
  /** `today`: the day of a streak that is to be done, or was done, today. */
  state: 'done' | 'today' | 'next'
}

export interface QuestView {
  id: string
  title: Label
  period: QuestPeriod
  action: Action
  /** Times, minutes of watching, yuan of purchases, days of a streak. */
  progress: number
  goal: number
  /** `done`: nothing more is to be had for now; `locked`: another quest comes first. */
  state: 'open' | 'done' | 'locked'
  steps: QuestStepView[]
  /** Title of the quest that has to be done first. */
  needs?: Label
  /** When it begins anew or, of a streak, the next day counts. */
  resetsAtMs?: number
  /** Of all that are open this one suits the viewer best: why. */
  likely?: Label
}

/** Monday of the week of that number is the day `7 x week - 3`: day 0 was a Thursday. */
export const weekOf = (day: number): number => Math.floor((day + 3) / 7)
export const weekEndsMs = (day: number, timeZone: string): number =>
  dayStartMs(7 * (weekOf(day) + 1) - 3, timeZone)

/** How many percent of its points a quest pays on a day: a season may span the turn of the year. */
export function percentOn({ season }: Pick<Quest, 'season'>, day: number): number {
  if (!season) return 100
  const { from, until, percent } = season
  const at = new Date(day * DAY_MS).toISOString().slice(5, 10)
  const isWithin = from <= until ? at >= from && at <= until : at >= from || at <= until
  return isWithin ? percent : 100
}

/** What a step pays on a day of its season. */
export const seasonal = (points: number, percent: number): number =>
  points === 0 ? 0 : Math.max(1, Math.floor((points * percent) / 100))

export interface QuestStanding {
  rows: readonly QuestRow[]
  /** Day on which the account began; 0 is not known. */
  began: number
  rung: number
  /** Day of the platform, and when it ends. */
  today: number
  dayEndsMs: number
  /** Of the raw amounts: what one of a goal is, 60 for minutes of watching. */
  unitOf(quest: Quest): number
}

/** Days of a streak that are shown together. */
const STRIP_DAYS = 7

/** Those that are for this viewer, in the order of the book; what is over for good and done is left out. */
export function questViews(book: Rulebook, at: QuestStanding): QuestView[] {
  return book.quests
    .filter(({ enabled }) => enabled)
    .flatMap((quest) => viewOf(book, quest, at) ?? [])
}

function viewOf(book: Rulebook, quest: Quest, at: QuestStanding): QuestView | undefined {
  const { id, title, period, action, newDays, minRung, needs } = quest
  const row = rowNow(quest, at)
  const isNew = newDays === undefined || (at.began > 0 && at.today - at.began < newDays)
  const done = isDone(quest, row, at)
  if (at.rung < minRung || !isNew) return undefined
  const first = book.quests.find((one) => one.id === needs)
  const isLocked = needs !== undefined && !(first && isEverDone(first, rowNow(first, at), at))
  const { progress, goal, steps } =
    period === 'streak' ? streakOf(quest, row, at) : countOf(quest, row, at)
  const resetsAtMs =
    period === 'week'
      ? weekEndsMs(at.today, book.timeZone)
      : period === 'once'
        ? undefined
        : at.dayEndsMs
  return {
    id,
    title,
    period,
    action,
    progress,
    goal,
    state: done ? 'done' : isLocked ? 'locked' : 'open',
    steps,
    ...(isLocked && first && { needs: first.title }),
    ...(resetsAtMs !== undefined && { resetsAtMs }),
  }
}

const periodOf = ({ period }: Quest, today: number): number =>
  period === 'week' ? weekOf(today) : period === 'once' ? 0 : today

/** Progress of a day or week that is over is none, and so is a streak of which a day was missed. */
function rowNow(quest: Quest, { rows, today }: QuestStanding): QuestRow {
  const none = { quest: quest.no, period: 0, progress: 0, paid: 0 }
  const row = rows.find((one) => one.quest === quest.no) ?? none
  if (quest.period === 'streak') return row.period < today - 1 ? { ...row, progress: 0 } : row
  return row.period < periodOf(quest, today) ? none : row
}

function isDone(quest: Quest, row: QuestRow, { today }: QuestStanding): boolean {
  if (quest.period !== 'streak') return row.paid >= quest.steps.length
  return (quest.cycle === 'end' && row.paid >= quest.steps.length) || isToday(row, today)
}

const isToday = ({ progress, period }: QuestRow, today: number): boolean =>
  progress > 0 && period >= today

/** What another quest may need. */
const isEverDone = (quest: Quest, row: QuestRow, at: QuestStanding): boolean =>
  quest.period === 'streak' ? row.paid >= quest.steps.length : isDone(quest, row, at)

function countOf(quest: Quest, row: QuestRow, at: QuestStanding) {
  const unit = at.unitOf(quest)
  const percent = percentOn(quest, at.today)
  const steps = quest.steps.map(
    ({ goal, points, growth, rungs }, i): QuestStepView => ({
      goal,
      points: seasonal(points, percent),
      growth,
      rungs,
      state: i < row.paid ? 'done' : 'next',
    }),
  )
  const next = quest.steps[Math.min(row.paid, quest.steps.length - 1)]
  return { progress: Math.floor(row.progress / unit), goal: next?.goal ?? 1, steps }
}

/** Seven days around today, or only those that pay where a streak is longer. */
function streakOf(quest: Quest, row: QuestRow, at: QuestStanding) {
  const { steps, cycle } = quest
  const last = steps.at(-1)?.goal ?? 1
  const length = cycle === 'stay' ? STRIP_DAYS : last
  const before = row.progress - (isToday(row, at.today) ? 1 : 0)
  // Days that were done of the stretch that is shown.
  const position = cycle === 'end' ? Math.min(before, last - 1) : before % length
  const begin = cycle === 'stay' ? before - position : 0
  const days =
    length <= STRIP_DAYS ? Array.from({ length }, (_, i) => i + 1) : steps.map(({ goal }) => goal)
  const views = days.map((goal): QuestStepView => {
    const day = cycle === 'stay' ? Math.min(begin + goal, last) : goal
    const step = steps.find((one) => one.goal === day)
    return {
      goal: begin + goal,
      points: seasonal(step?.points ?? 0, percentOn(quest, at.today + goal - 1 - position)),
      growth: step?.growth ?? 0,
      rungs: step?.rungs ?? 0,
      state: goal <= position ? 'done' : goal === position + 1 ? 'today' : 'next',
    }
  })
  const progress =
    cycle === 'again' && row.progress > 0 ? ((row.progress - 1) % last) + 1 : row.progress
  return { progress, goal: last, steps: views }
}
