/** Quests as `tasks/SPEC.md` says them, for tests: plain, and without anything of the script that it judges. */

import type { Quest, Rulebook } from '../../shared/rulebook/schema.ts'

/** What one quest said about one action. */
export interface Said {
  rule: string
  reason: 'earned' | 'progress'
  points: number
  growth: number
  units: number
  counted: number
}

export interface Deed {
  atMs: number
  action: Quest['action']
  units: number
  live: number
  category?: string
}

interface Walk {
  last: number
  days: number
  paid: Set<number>
}

/** Calendar days since 1970 in the zone, by asking a calendar. */
function dayOf(atMs: number, timeZone: string): number {
  const text = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(atMs)
  return Math.round(Date.parse(`${text}T00:00:00Z`) / 86_400_000)
}

/** The Monday of its week. */
function mondayOf(day: number): number {
  const weekday = new Date(day * 86_400_000).getUTCDay()
  return day - ((weekday + 6) % 7)
}

export class QuestModel {
  readonly #book: Rulebook
  readonly #counts = new Map<string, number>()
  readonly #walks = new Map<string, Walk>()
  growth = 0
  points = 0
  #began = 0

  constructor(book: Rulebook) {
    this.#book = book
  }

  get rung(): number {
    return this.#book.ladder.rungs.findLastIndex((rung) => (rung.growth ?? 0) <= this.growth)
  }

  /** What the quests say of one action that counted; growth and points follow. */
  act(deed: Deed): Said[] {
    const day = dayOf(deed.atMs, this.#book.timeZone)
    if (this.#began === 0) this.#began = day
    const said: Said[] = []
    for (const quest of this.#book.quests) {
      if (!this.#isOpen(quest, deed, day)) continue
      const lines =
        quest.period === 'streak' ? this.#walk(quest, day) : this.#count(quest, deed, day)
      for (const line of lines) {
        this.growth += line.growth
        this.points += line.points
      }
      said.push(...lines)
    }
    return said
  }

  #isOpen(quest: Quest, deed: Deed, day: number): boolean {
    const needed = this.#book.quests.find(({ id }) => id === quest.needs)
    return (
      quest.enabled &&
      quest.action === deed.action &&
      quest.minRung <= this.rung &&
      (!quest.inRoom || deed.live > 0) &&
      (quest.category === undefined || quest.category === deed.category) &&
      (quest.newDays === undefined || day < this.#began + quest.newDays) &&
      (quest.needs === undefined || (needed !== undefined && this.#isDone(needed, day)))
    )
  }

  #key(quest: Quest, day: number): string {
    const of = { day, week: mondayOf(day), once: 0, streak: 0 }[quest.period]
    return `${quest.id} ${of}`
  }

  #isDone(quest: Quest, day: number): boolean {
    if (quest.period === 'streak')
      return quest.steps.every(({ goal }) => this.#walks.get(quest.id)?.paid.has(goal))
    const unit = quest.action === 'purchase' ? 100 : 1
    return (this.#counts.get(this.#key(quest, day)) ?? 0) >= (quest.steps.at(-1)?.goal ?? 0) * unit
  }

  #pays(quest: Quest, step: Quest['steps'][number], day: number): Said {
    const { season } = quest
    const date = new Date(day * 86_400_000).toISOString().slice(5, 10)
    const inSeason =
      season !== undefined &&
      (season.from <= season.until
        ? season.from <= date && date <= season.until
        : season.from <= date || date <= season.until)
    const cut = inSeason ? Math.max(1, Math.floor((step.points * season.percent) / 100)) : undefined
    const points = step.points === 0 ? 0 : (cut ?? step.points)
    const next = this.#book.ladder.rungs[this.rung + 1]
    const lift = step.rungs > 0 && next ? (next.growth ?? 0) - this.growth : 0
    const growth = Math.max(step.growth, lift)
    return { rule: quest.id, reason: 'earned', points, growth, units: 1, counted: 1 }
  }

  #count(quest: Quest, { units }: Deed, day: number): Said[] {
    if (this.#isDone(quest, day)) return []
    const unit = quest.action === 'purchase' ? 100 : 1
    const key = this.#key(quest, day)
    const before = this.#counts.get(key) ?? 0
    const last = (quest.steps.at(-1)?.goal ?? 0) * unit
    const after = Math.min(last, before + units)
    this.#counts.set(key, after)
    const reached = quest.steps.filter(({ goal }) => goal * unit > before && goal * unit <= after)
    if (reached.length > 0) return reached.map((step) => this.#pays(quest, step, day))
    const next = quest.steps.find(({ goal }) => goal * unit > after)
    const goal = (next?.goal ?? 0) * unit
    const none = { points: 0, growth: 0 }
    return [{ rule: quest.id, reason: 'progress', ...none, units: goal, counted: after }]
  }

  #walk(quest: Quest, day: number): Said[] {
    const walk = this.#walks.get(quest.id) ?? { last: -9, days: 0, paid: new Set<number>() }
    this.#walks.set(quest.id, walk)
    const isOver = quest.cycle === 'end' && this.#isDone(quest, day)
    if (walk.last === day || isOver) return []
    walk.days = walk.last === day - 1 ? walk.days + 1 : 1
    walk.last = day
    const last = quest.steps.at(-1)?.goal ?? 0
    const at = quest.cycle === 'again' ? ((walk.days - 1) % last) + 1 : Math.min(walk.days, last)
    const step = quest.steps.find(({ goal }) => goal === at)
    const known = quest.cycle === 'end' && walk.paid.has(at)
    if (step) walk.paid.add(at)
    if (step && !known) return [this.#pays(quest, step, day)]
    const none = { points: 0, growth: 0 }
    return [{ rule: quest.id, reason: 'progress', ...none, units: last, counted: at }]
  }
}
