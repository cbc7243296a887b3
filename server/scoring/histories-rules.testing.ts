/** Random rulebooks and rooms for histories: small numbers, so that every cap and goal is met within minutes. */

import type { Action } from '../../shared/receipt.ts'
import type { CampaignView, TaskView } from '../../shared/room-state.ts'
import { IssuancePolicy } from '../../shared/rulebook/issuance.ts'
import { Ladder, Rulebook, type RulebookInput } from '../../shared/rulebook/schema.ts'
import type { Expiry } from '../../shared/rulebook/wallet.ts'
import { must } from '../kernel/index.ts'
import type { RoomContext } from './compile.ts'
import { Random } from './random.testing.ts'

const EARNING = ['like', 'comment', 'question', 'share', 'vote', 'purchase', 'follow'] as const
const title = { zh: 'x', en: 'x' }

const LEVELS = IssuancePolicy.parse({}).levels.map(({ factor }, i) => ({
  level: i + 1,
  factor: Math.round(factor * 1000),
}))

/** A brown-out at some times, and none at others. */
export const brownoutAt = (nowMs: number): Pick<RoomContext, 'brownout'> =>
  nowMs % 3 === 0 ? { brownout: must(LEVELS[nowMs % LEVELS.length], 'a level') } : {}

/** A cap or none. */
const maybe = (r: Random, probability: number, most: number) =>
  r.chance(probability) ? r.between(1, most) : undefined

function randomRule(r: Random, no: number, action: Action): RulebookInput['earn'][number] {
  const caps: Record<string, number> = {}
  for (const [cap, most] of [
    ['perMinute', 12],
    ['perLive', 30],
    ['perDay', 40],
    ['ever', 90],
  ] as const) {
    const size = maybe(r, 0.35, most)
    if (size !== undefined) caps[cap] = size
  }
  const capPerAward = maybe(r, 0.25, 12)
  return {
    id: `rule_${no}`,
    no,
    action,
    enabled: r.chance(0.95),
    points: r.pick([0, 0.05, 0.333, 0.5, 1, 1, 2.5, 5, 20]),
    growth: r.pick([0, 0, 0.05, 0.5, 1, 2]),
    per: action === 'watch' ? 1 : r.pick([1, 1, 1, 3]),
    bucket: r.chance(0.3) ? 'session' : 'spendable',
    caps,
    ...(capPerAward === undefined ? {} : { capPerAward }),
    capStage: r.chance(0.5) ? 'beforeMultiplier' : 'afterMultiplier',
    ...(action === 'watch'
      ? {
          goal: {
            mode: r.pick(['continuous', 'cumulative'] as const),
            minutes: r.pick([0.2, 0.25, 0.5, 1, 2.345]),
          },
        }
      : {}),
  }
}

/** The same rule numbers in every book of a history; the rest is drawn anew for each version. */
export function randomBooks(r: Random, versions: number): Rulebook[] {
  const actions: Action[] = []
  for (const action of EARNING) for (let n = r.below(3); n > 0; n--) actions.push(action)
  for (let n = r.between(0, 3); n > 0; n--) actions.push('watch')
  if (actions.length === 0) actions.push('like')
  const numbered = actions.map((action, i) => ({ action, no: 1 + i * 11 }))
  const timeZone = r.pick(['Asia/Shanghai', 'Europe/Berlin', 'America/New_York'])
  const demotion = randomDemotion(r)
  const books = Array.from({ length: versions }, () => ({
    ...randomBook(r, numbered),
    timeZone,
    demotion,
  }))
  return withWays(books)
}

/**
 * In some histories points ever earned make rungs too, or alone, the same in all books. Drawn from what was drawn before, so
 * that a seed stays the history that it was.
 */
function withWays(books: Rulebook[]): Rulebook[] {
  const drawn = [...JSON.stringify(books)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const r = new Random(drawn)
  if (!r.chance(0.5)) return books
  const points = r.pick([3, 10, 40])
  const ways = [0, 1, 2, 3].map((i) => {
    if (i === 0 || !r.chance(0.7)) return {}
    const also = { lifetimePoints: points * i * i }
    return r.chance(0.4) ? { ...also, growth: undefined } : also
  })
  return books.map((book) => ({
    ...book,
    ladder: Ladder.parse({
      ...book.ladder,
      rungs: book.ladder.rungs.map((rung, i) => ({ ...rung, ...ways[i] })),
    }),
  }))
}

/** The same in all books: a rung without a window gets one when it is next looked at, which no rule dates. */
const randomDemotion = (r: Random): Rulebook['demotion'] =>
  r.chance(0.3)
    ? { kind: 'highWater' }
    : { kind: 'grace', windowDays: r.between(1, 3), warnDays: 1, share: r.pick([0.3, 1]) }

function randomBook(r: Random, rules: readonly { action: Action; no: number }[]): Rulebook {
  const factor = () => r.pick([0, 0.5, 1, 1, 1.001, 1.333, 2, 2.999, 6])
  const heat = (from: number) => ({
    from,
    label: title,
    factors: { like: factor(), comment: factor(), watch: factor() },
  })
  return Rulebook.parse({
    preset: 'random',
    wallet: {
      expiry: r.pick<Expiry>([
        { kind: 'never' },
        { kind: 'rolling', months: 12 },
        { kind: 'rolling', months: 24 },
        { kind: 'fixed', month: 12, leastMonths: 6 },
      ]),
    },
    stacking: r.pick(['product', 'sum', 'max'] as const),
    ceiling: r.pick([1, 1.5, 3, 6]),
    ...(r.chance(0.4) ? { dailyPoints: r.between(1, 60) } : {}),
    earn: r.shuffled(rules).map(({ action, no }) => randomRule(r, no, action)),
    heat: {
      weights: { like: 0.2, comment: r.pick([0, 2]), watch: 0.3, vote: 1.234, share: 5 },
      perViewer: r.pick([0, 1, 4.5, 6]),
      levels: [heat(0), heat(10), heat(20)],
    },
    ladder: {
      id: 'random',
      rungs: [0, 2, 7, 30].map((growth, i) => ({
        id: `rung_${i}`,
        label: title,
        growth,
        factor: r.pick([1, 1.1, 1.5, 2]),
      })),
    },
    comment: { minIntervalMs: r.pick([0, 1000, 3000]) },
    attention: { beatSec: r.pick([5, 10, 15]), maxGapSec: r.pick([10, 20, 30]) },
    profiles: [{ id: 'weighty', label: title, factors: { comment: 1.5, like: 0.5 } }],
  } satisfies RulebookInput)
}

export function randomTask(r: Random, task: number, nowMs: number): TaskView {
  const quota = maybe(r, 0.4, 50)
  return {
    task,
    action: r.pick(['like', 'share', 'watch', 'comment', 'purchase'] as const),
    goal: r.between(1, 12),
    points: r.between(0, 100),
    growth: r.between(0, 8),
    title,
    startsAtMs: nowMs + r.pick([-1000, 0, 500, 20_000]),
    endsAtMs: nowMs + r.pick([20_001, 60_000, 600_000]),
    ...(quota === undefined ? {} : { quota, left: quota }),
  }
}

export const randomCampaign = (r: Random, campaign: number, nowMs: number): CampaignView => ({
  campaign,
  action: r.pick(['all', 'like', 'share', 'watch'] as const),
  factor: r.pick([500, 1500, 2000, 3000]),
  // A key moment in a third of them.
  ...r.pick([{}, {}, { weights: { comment: 2000, share: 3000, watch: 500 } }]),
  title,
  startsAtMs: nowMs,
  endsAtMs: nowMs + r.pick([1, 700, 15_000, 120_000]),
})
