import { describe, expect, test } from 'vitest'
import { type Behaviour, newBehaviour, noted, type Seen } from './behaviour.ts'
import { chanceToFinish, LIKELY_FROM, withLikely } from './likely.ts'
import type { QuestView } from './quests.ts'
import { Quest } from './rulebook/quests.ts'
import { seededRandom } from './seeded.ts'
import { DAY_MS } from './time.ts'

const TODAY = 20_000
const AT_MS = TODAY * DAY_MS

const seen = (day: number, more: Partial<Seen>): Seen => ({
  ...{ atMs: day * DAY_MS, day, hour: 20, live: day, room: 'r1', kind: '' },
  ...{ started: true, watchedSec: 600, acts: {}, spentFen: 0 },
  ...more,
})
/** Came on each of the last days; did so much each time. */
const regular = (days: number, more: Partial<Seen>): Behaviour =>
  Array.from({ length: days }, (_, i) => TODAY - days + 1 + i).reduce(
    (record, day) => noted(record, seen(day, more)),
    newBehaviour(TODAY - days + 1),
  )

const view = (more: Partial<QuestView>): QuestView => ({
  ...{ id: 'one', title: { zh: '一', en: 'One' }, period: 'week', action: 'comment' },
  ...{ progress: 0, goal: 3, state: 'open', resetsAtMs: AT_MS + 3 * DAY_MS },
  steps: [{ goal: 3, points: 10, growth: 0, rungs: 0, state: 'next' }],
  ...more,
})
const quest = (id = 'one', more: object = {}) =>
  Quest.parse({
    ...{ id, no: 1, title: { zh: '一', en: 'One' }, action: 'comment', period: 'week' },
    ...{ steps: [{ goal: 3, points: 10 }], ...more },
  })
const foretold = (behaviour: Behaviour, more: Partial<QuestView> = {}, of = quest()) =>
  chanceToFinish(view(more), { quest: of, behaviour, today: TODAY, atMs: AT_MS })

/** How often something happens that happens `mean` times on average; counts, unlike the code it checks. */
function times(mean: number, random: () => number): number {
  const wait = () => -Math.log(1 - random())
  let n = 0
  let passed = wait()
  while (passed < mean) {
    n++
    passed += wait()
  }
  return n
}

test('[TG13 000-30] of 4,000 viewers with habits of their own as many finish a quest as was foretold', () => {
  const random = seededRandom(7)
  const bins = Array.from({ length: 5 }, () => ({ foretold: 0, finished: 0, viewers: 0 }))
  for (let i = 0; i < 4000; i++) {
    const comes = 0.1 + 0.9 * random()
    const comments = 0.2 + 3 * random()
    const goal = 1 + Math.floor(8 * random())
    const daysLeft = 1 + Math.floor(7 * random())
    let record = newBehaviour(TODAY - 60)
    for (let day = TODAY - 60; day <= TODAY; day++)
      if (day === TODAY || random() < comes)
        record = noted(record, seen(day, { acts: { comment: times(comments, random) } }))
    const chance = foretold(record, { goal, resetsAtMs: AT_MS + daysLeft * DAY_MS })?.chance ?? 0
    let done = times(comments, random)
    for (let day = 1; day < daysLeft; day++) if (random() < comes) done += times(comments, random)
    const bin = bins[Math.min(4, Math.floor(chance * 5))]
    if (!bin) throw new Error('no chance is above 1')
    bin.viewers++
    bin.foretold += chance
    bin.finished += done >= goal ? 1 : 0
  }
  for (const bin of bins) {
    expect(bin.viewers).toBeGreaterThan(200)
    expect(Math.abs(bin.foretold - bin.finished) / bin.viewers).toBeLessThan(0.07)
  }
})

describe('which quest is likely', () => {
  test('[TG13] watching adds up by lives, purchases by orders, a streak by days in a row', () => {
    const watches = regular(14, { watchedSec: 20 * 60 })
    expect(foretold(watches, { action: 'watch', goal: 60 })?.chance).toBe(1)
    expect(foretold(watches, { action: 'watch', goal: 61 })?.chance).toBe(0)
    expect(
      foretold(watches, { action: 'watch', period: 'streak', progress: 1, goal: 3 })?.chance,
    ).toBe(1)
    const rarely = regular(7, { watchedSec: 600 })
    expect(
      foretold(rarely, { action: 'watch', period: 'streak', progress: 1, goal: 3 })?.chance,
    ).toBe(0.5)
    const buys = regular(14, { acts: { order: 1 }, spentFen: 88_00 })
    const [one, two] = [88, 89].map((goal) => foretold(buys, { action: 'purchase', goal })?.chance)
    expect(one).toBeGreaterThan(two ?? 1)
    // One order or more of three that are to be expected.
    expect(one).toBeCloseTo(1 - Math.exp(-3), 10)
  })

  test('[TG13] nothing is foretold of whom nobody knows, of what they never did, of a category', () => {
    expect(foretold(regular(2, { acts: { comment: 5 } }))).toBeUndefined()
    const talks = regular(10, { acts: { comment: 5 } })
    expect(foretold(talks)?.chance).toBeGreaterThan(0.9)
    expect(foretold(talks, { action: 'share' })).toBeUndefined()
    expect(foretold(talks, { state: 'done' })).toBeUndefined()
    const buys = regular(10, { acts: { order: 1 }, spentFen: 88_00 })
    const snacks = quest('one', { action: 'purchase', category: 'snacks' })
    expect(foretold(buys, { action: 'purchase' }, snacks)).toBeUndefined()
  })

  test('[TG13 000-30] one is marked, of the likely ones that with most points to be expected, and why', () => {
    const behaviour = regular(14, { acts: { comment: 3 }, watchedSec: 600 })
    const step = (points: number) =>
      [{ goal: 3, points, growth: 0, rungs: 0, state: 'next' }] as const
    const views = [
      view({ id: 'small', steps: [...step(2)] }),
      view({ id: 'fit', steps: [...step(10)] }),
      view({ id: 'far', goal: 40, steps: [...step(500)] }),
    ]
    const quests = ['small', 'fit', 'far'].map((id) => quest(id))
    const at = { quests, behaviour, today: TODAY, atMs: AT_MS }
    expect(withLikely(views, at).map(({ likely }) => likely)).toEqual([
      undefined,
      {
        zh: '照您平时每场评论 3 条，很可能完成',
        en: 'Your usual 3 comments a live will likely do it',
      },
      undefined,
    ])
    expect(foretold(behaviour, { goal: 40 })?.chance).toBeLessThan(LIKELY_FROM)
    const seldom = regular(14, {})
    const shared = [0, 4, 8].reduce(
      (record, ago) => noted(record, seen(TODAY - ago, { acts: { share: 1 } })),
      seldom,
    )
    expect(foretold(shared, { action: 'share', goal: 1 })?.why).toEqual({
      zh: '照您平时每 5 场分享 1 次，很可能完成',
      en: 'Your usual 1 share in 5 lives will likely do it',
    })
  })
})
