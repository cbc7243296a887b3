/**
 * What makes a tier: growth, points ever earned, or a set of quests; of those that a rung names any one is enough. What can
 * be spent never is, so that spending costs nobody a tier. Free of zod.
 */

import { growthOf, type Lang, listed, pointsOf } from './labels.ts'
import type { Ladder, Quest, Rulebook, Rung } from './schema.ts'

type Rungs = Pick<Ladder, 'rungs'>

/** More than anybody can gather; where a rung is not reached that way. */
export const NEVER = 2 ** 48 - 1

/** Who has what a rung needs is on it, though a rung between may need something else: the least of it and all above. */
function leastFrom({ rungs }: Rungs, need: (rung: Rung) => number | undefined): number[] {
  let least = NEVER
  const needs = rungs.map(need)
  for (let i = needs.length - 1; i >= 0; i--) {
    least = Math.min(least, needs[i] ?? NEVER)
    needs[i] = least
  }
  return needs.map((one) => one ?? NEVER)
}

/** Growth that brings at least so far, by rung. */
export const growthNeeds = (ladder: Rungs): number[] => leastFrom(ladder, ({ growth }) => growth)

/** Points ever earned that bring at least so far, by rung. */
export const pointsNeeds = (ladder: Rungs): number[] =>
  leastFrom(ladder, ({ lifetimePoints }) => lifetimePoints)

/** Sets of quests of which each brings at least so far, by rung. */
export const taskSets = ({ rungs }: Rungs): string[][][] =>
  rungs.map((_, i) => rungs.slice(i).flatMap(({ taskSet }) => (taskSet ? [taskSet] : [])))

/** Whether growth alone makes a tier. */
export const isByGrowth = ({ rungs }: Rungs): boolean =>
  rungs.every(({ lifetimePoints, taskSet }) => lifetimePoints === undefined && !taskSet)

/** Whether points ever earned make one. */
export const asksPoints = ({ rungs }: Rungs): boolean =>
  rungs.some(({ lifetimePoints }) => lifetimePoints !== undefined)

/** The highest rung that is reached; `paid` are the steps of a quest, by its number, that were ever paid. */
export function rungReached(
  { ladder, quests }: Pick<Rulebook, 'ladder' | 'quests'>,
  has: { growth: number; earned: number; paid(quest: number): number },
): number {
  const isDone = (id: string) =>
    quests.some((quest) => quest.id === id && has.paid(quest.no) >= quest.steps.length)
  return ladder.rungs.findLastIndex(
    ({ growth = NEVER, lifetimePoints = NEVER, taskSet }) =>
      has.growth >= growth || has.earned >= lifetimePoints || taskSet?.every(isDone) === true,
  )
}

/** What is missing to the next rung by the nearest way; undefined at the top and where growth is the only way. */
export function goalOf(
  ladder: Rungs,
  has: { rung: number; growth: number; earned: number },
): { left: number; progress: number } | undefined {
  if (isByGrowth(ladder)) return undefined
  const now = ladder.rungs[has.rung]
  const next = ladder.rungs[has.rung + 1]
  if (!next) return undefined
  const goals = [
    goalBy(has.growth, next.growth, now?.growth),
    goalBy(has.earned, next.lifetimePoints, now?.lifetimePoints),
  ]
  return goals.reduce((best, goal) => (goal.progress > best.progress || !best.left ? goal : best))
}

function goalBy(has: number, need: number | undefined, from = 0) {
  if (need === undefined) return { left: 0, progress: 0 }
  const progress = Math.floor((100 * (has - from)) / (need - from))
  return { left: Math.max(1, need - has), progress: Math.max(0, Math.min(100, progress)) }
}

/** `从 100 成长值起，或完成「A」和「B」`, behind a rung's name. */
export function wayText({ growth, lifetimePoints, taskSet }: Rung, book: Rulebook, lang: Lang) {
  const zh = lang === 'zh'
  const title = (id: string) => book.quests.find((quest) => quest.id === id)?.title[lang] ?? id
  const ways = [
    ...(growth === undefined
      ? []
      : [`${zh ? '' : 'from '}${growthOf(growth, lang)}${zh ? '起' : ''}`]),
    ...(lifetimePoints === undefined
      ? []
      : [
          zh
            ? `累计得过 ${pointsOf(lifetimePoints, lang)}`
            : `from ${pointsOf(lifetimePoints, lang)} ever earned`,
        ]),
    ...(taskSet
      ? [
          zh
            ? `完成${taskSet.map((id) => `「${title(id)}」`).join('')}`
            : `with ${listed(
                taskSet.map((id) => `“${title(id)}”`),
                lang,
              )} done`,
        ]
      : []),
  ]
  return ways.join(zh ? '，或' : ', or ')
}

type Problem = { path: (string | number)[]; message: string }
type Wanting = { rungs: readonly Rung[]; quests: readonly Quest[] }

/** What does not fit between rungs and quests. */
export function wayProblems({ rungs, quests }: Wanting): Problem[] {
  const problems: Problem[] = []
  const add = (path: (string | number)[], message: string) => problems.push({ path, message })
  rungs.forEach((rung, i) => {
    const at = ['ladder', 'rungs', i]
    const isOpen = rung.growth ?? rung.lifetimePoints ?? rung.taskSet
    if (isOpen === undefined) add(at, 'needs growth, lifetimePoints or taskSet')
    if (i === 0) {
      if (rung.lifetimePoints !== undefined)
        add([...at, 'lifetimePoints'], 'the first rung is everybody’s')
      if (rung.taskSet) add([...at, 'taskSet'], 'the first rung is everybody’s')
    }
    for (const what of ['growth', 'lifetimePoints'] as const) {
      const below = rungs.slice(0, i).findLast((one) => one[what] !== undefined)?.[what]
      const own = rung[what]
      if (own !== undefined && below !== undefined && own <= below)
        add([...at, what], `each rung needs more ${what} than the one below`)
    }
    if (rung.growth === undefined && rung.keep !== undefined)
      add([...at, 'keep'], 'only a rung that growth reaches can be lost')
    rung.taskSet?.forEach((id, k) => {
      const quest = quests.find((one) => one.id === id)
      const path = [...at, 'taskSet', k]
      if (!quest?.enabled) add(path, `no quest that is on is ${id}`)
      else if (!isForEver(quest)) add(path, `${id} begins anew; a tier needs quests that end`)
      if (rung.taskSet?.indexOf(id) !== k) add(path, `${id} stands twice`)
    })
  })
  const lacks = rungs.find(({ growth }) => growth === undefined)
  quests.forEach(({ steps }, i) => {
    steps.forEach((step, k) => {
      if (step.rungs > 0 && lacks)
        add(['quests', i, 'steps', k, 'rungs'], `${lacks.id} is not reached by growth`)
    })
  })
  return problems
}

/** What was done of it stays done. */
const isForEver = ({ period, cycle }: Quest): boolean =>
  period === 'once' || (period === 'streak' && cycle === 'end')
