/** Quests as numbers, in a compiled context; `tasks/lua/quests.lua` reads them. */

import { percentOn } from '../../shared/quests.ts'
import { ACTIONS, type Action } from '../../shared/receipt.ts'
import {
  QUEST_PERIODS,
  type Quest,
  type Rulebook,
  STREAK_CYCLES,
} from '../../shared/rulebook/schema.ts'
import { assert, Packer } from '../kernel/index.ts'
import { daysAround } from './days.ts'

/** Watching comes in seconds, purchases in fen. */
const UNITS: Partial<Record<Action, number>> = { watch: 60, purchase: 100 }
/** What a goal of the rulebook is in the amounts that scoring counts; of a streak it is days. */
export const unitsOfGoal = ({ period, action }: Pick<Quest, 'period' | 'action'>): number =>
  period === 'streak' ? 1 : (UNITS[action] ?? 1)

const UINT32_MAX = 0xffff_ffff
/** FNV-1a: a category is told apart from others by 32 bits, and is never 0. */
export function categoryNumber(category: string | undefined): number {
  if (category === undefined) return 0
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(category)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash === 0 ? 1 : hash
}

/** Those that count anything. */
const enabledOf = ({ quests }: Rulebook): Quest[] => quests.filter(({ enabled }) => enabled)

/** `aroundMs` may be ahead of Redis by as much as `daysAround` allows; the script picks the day by its own time. */
export function packQuests(out: Packer, book: Rulebook, aroundMs: number): void {
  const quests = enabledOf(book)
  const { day } = daysAround(aroundMs, book.timeZone)
  let actions = 0
  for (const { action, newDays } of quests) {
    actions |= 1 << ACTIONS[action]
    if (newDays !== undefined) actions |= 1
  }
  assert(quests.length < 256, 'quests of a rulebook are bounded')
  const own = new Packer().u8(quests.length)
  for (const quest of quests) packQuest(own, quest, { quests, day })
  const bytes = own.bytes()
  out.u32(actions).u32(day).u16(bytes.length).raw(bytes)
}

function packQuest(
  out: Packer,
  quest: Quest,
  { quests, day }: { quests: readonly Quest[]; day: number },
): void {
  const { no, action, period, cycle, steps, inRoom, minRung, newDays, needs, category } = quest
  // What is switched off can be needed and never be done.
  const needed = needs === undefined ? 0 : (quests.find(({ id }) => id === needs)?.no ?? UNKNOWN)
  const unit = unitsOfGoal(quest)
  out
    .u8(no)
    .u8(ACTIONS[action])
    .u8(QUEST_PERIODS.indexOf(period) + 1)
    .u8(STREAK_CYCLES.indexOf(cycle) + 1)
    .u8(inRoom ? 1 : 0)
    .u8(minRung)
    .u16(newDays ?? 0)
    .u8(needed)
    .u32(categoryNumber(category))
    .u8(percentOn(quest, day))
    .u8(percentOn(quest, day + 1))
    .u8(steps.length)
  for (const { goal, points, growth, rungs } of steps)
    out
      .u32(Math.min(goal * unit, UINT32_MAX))
      .u32(points)
      .u32(growth)
      .u8(rungs)
}

/** Number of no quest. */
const UNKNOWN = 255
