/** Which quest a viewer will most likely finish by what they usually do, told before they look for it. Pure. */

import { type Behaviour, PERIOD_DAYS } from './behaviour.ts'
import type { QuestView } from './quests.ts'
import type { Action } from './receipt.ts'
import { ACTION_LABELS, unitsOf } from './rulebook/labels.ts'
import type { Label, Quest } from './rulebook/schema.ts'
import { DAY_MS } from './time.ts'

/** A quest is called likely from this chance on. */
export const LIKELY_FROM = 0.5
/** Lives before which nothing is foretold of anybody. */
export const LIVES_NEEDED = 3
/** Days that are looked ahead where a quest has no end. */
const AHEAD_DAYS = 7
const SEC = 60
const FEN = 100

/** How often something happens in a live, and how much each of it adds to a goal. */
interface Habit {
  perLive: number
  /** Fixed: it happens in each live once, and only the number of lives is open. */
  always: boolean
  each: number
  why: Label
}

const likely = (zh: string, en: string): Label => ({
  zh: `照您平时${zh}，很可能完成`,
  en: `Your usual ${en} will likely do it`,
})

function habitOf(action: Action, of: Behaviour): Habit | undefined {
  const counted = (count: number): Habit | undefined => {
    const perLive = count / of.lives
    if (count === 0) return undefined
    const lives = Math.max(1, Math.round(1 / perLive))
    const often = Math.max(1, Math.round(perLive))
    const { zh } = ACTION_LABELS[action]
    const why = likely(
      `每${lives === 1 ? '' : ` ${lives} `}场${zh} ${unitsOf(action, often, 'zh')}`,
      `${unitsOf(action, often, 'en')} ${lives === 1 ? 'a live' : `in ${lives} lives`}`,
    )
    return { perLive, always: false, each: 1, why }
  }
  switch (action) {
    case 'comment':
      return counted(of.comments)
    case 'share':
      return counted(of.shares)
    case 'browse':
      return counted(of.browses)
    case 'order':
      return counted(of.orders)
    case 'watch': {
      const each = of.watchedSec / SEC / of.lives
      const minutes = Math.round(each)
      const why = likely(`每场看 ${minutes} 分钟`, `${minutes} minutes a live`)
      return minutes === 0 ? undefined : { perLive: 1, always: true, each, why }
    }
    case 'purchase': {
      if (of.spentFen === 0 || of.orders === 0) return undefined
      const each = of.spentFen / FEN / of.orders
      const yuan = Math.max(1, Math.round(each))
      const why = likely(`每单 ${yuan} 元`, `${yuan} yuan an order`)
      return { perLive: of.orders / of.lives, always: false, each, why }
    }
    default:
      return undefined
  }
}

/** The chance that what happens `mean` times on average happens `n` times or more (Poisson). */
function atLeast(n: number, mean: number): number {
  let term = Math.exp(-mean)
  let below = 0
  for (let i = 0; i < n; i++) {
    below += term
    term *= mean / (i + 1)
  }
  return Math.max(0, 1 - below)
}

/** The chances that of so many days 0, 1, 2, ... bring a visit (binomial). */
function visitsIn(days: number, chance: number): number[] {
  let spread = [1]
  for (let day = 0; day < days; day++)
    spread = [...spread, 0].map((p, i) => p * (1 - chance) + (spread[i - 1] ?? 0) * chance)
  return spread
}

/** One visit a day at most; today's is under way. */
function chanceOf(quest: QuestView, habit: Habit, at: { daily: number; atMs: number }): number {
  const left = quest.goal - quest.progress
  if (quest.period === 'streak') {
    const done = habit.always ? 1 : atLeast(1, habit.perLive)
    return done ** left * at.daily ** (left - 1)
  }
  const days =
    quest.resetsAtMs === undefined
      ? AHEAD_DAYS
      : Math.max(1, Math.ceil((quest.resetsAtMs - at.atMs) / DAY_MS))
  const needed = Math.ceil(left / habit.each)
  return visitsIn(days - 1, at.daily).reduce((sum, chance, more) => {
    const visits = 1 + more
    const reached = habit.always
      ? Number(visits >= needed)
      : atLeast(needed, habit.perLive * visits)
    return sum + chance * reached
  }, 0)
}

/** On how many of the last days a viewer came: `0` to `1`. */
function dailyOf({ days }: Behaviour, today: number): number {
  const came = days.filter(({ day }) => day > today - PERIOD_DAYS && day <= today)
  return came.length / PERIOD_DAYS
}

/** The chance, 0 to 1, that an open quest is finished before it begins anew; undefined where habits say nothing of it. */
export function chanceToFinish(
  view: QuestView,
  {
    quest,
    behaviour,
    today,
    atMs,
  }: { quest: Quest; behaviour: Behaviour; today: number; atMs: number },
): { chance: number; why: Label } | undefined {
  // Of a category, or of the first days of an account, habits of all days say too much.
  if (view.state !== 'open' || quest.category !== undefined || behaviour.lives < LIVES_NEEDED)
    return undefined
  const habit = habitOf(view.action, behaviour)
  if (!habit) return undefined
  const daily = dailyOf(behaviour, today)
  return { chance: chanceOf(view, habit, { daily, atMs }), why: habit.why }
}

/** The quests with one of them marked: of those that are likely the one from which most points are to be expected. */
export function withLikely(
  views: readonly QuestView[],
  {
    quests,
    ...at
  }: { quests: readonly Quest[]; behaviour: Behaviour; today: number; atMs: number },
): QuestView[] {
  let best: { view: QuestView; points: number; why: Label } | undefined
  for (const view of views) {
    const quest = quests.find(({ id }) => id === view.id)
    const foretold = quest && chanceToFinish(view, { quest, ...at })
    if (!foretold || foretold.chance < LIKELY_FROM) continue
    const next = view.steps.find(({ state }) => state !== 'done')
    const points = foretold.chance * (next?.points ?? 0)
    if (!best || points > best.points) best = { view, points, why: foretold.why }
  }
  return views.map((view) => (view === best?.view ? { ...view, likely: best.why } : view))
}
