import { describe, expect, test } from 'vitest'
import { PRESETS } from './presets.ts'
import { Rulebook, type RulebookInput } from './schema.ts'
import { sentences } from './sentences.ts'
import { goalOf, growthNeeds, NEVER, pointsNeeds, rungReached, taskSets } from './ways.ts'

const label = { zh: '级', en: 'Tier' }
const quest = (id: string, no: number, more: object = {}) => ({
  id,
  no,
  title: { zh: `任务${no}`, en: `Task ${no}` },
  action: 'share' as const,
  period: 'once' as const,
  steps: [{ goal: 3, points: 5 }],
  ...more,
})
const QUESTS = [
  quest('a', 1),
  quest('b', 2),
  quest('daily', 3, { period: 'day' }),
  quest('off', 4, { enabled: false }),
]

const bookOf = (rungs: object[], quests: object[] = QUESTS) => ({
  ...PRESETS.live,
  greeting: undefined,
  quests,
  ladder: { id: 'ways', rungs: [{ id: 'first', label, growth: 0 }, ...rungs] },
})
const parsed = (rungs: object[]) => Rulebook.parse(bookOf(rungs))
const issuesOf = (rungs: object[], quests?: object[]) =>
  Rulebook.safeParse(bookOf(rungs, quests)).error?.issues.map(({ path, message }) => [
    path.join('.'),
    message,
  ]) ?? []

describe('what makes a tier', () => {
  test('[SE16 003-20 002-34] each way to a tier stands in its sentence, and that any of them is enough', () => {
    const book = parsed([
      { id: 'one', label, lifetimePoints: 500 },
      { id: 'two', label, taskSet: ['a', 'b'] },
      { id: 'three', label, growth: 10, lifetimePoints: 900, taskSet: ['b'] },
    ])
    const say = (lang: 'zh' | 'en') =>
      sentences(book, lang)
        .filter(({ key }) => /^tier\.(one|two|three)$/.test(key))
        .map(({ text }) => text)
    expect(say('zh')).toEqual([
      '级：累计得过 500 积分',
      '级：完成「任务1」「任务2」',
      '级：10 成长值起，或累计得过 900 积分，或完成「任务2」',
    ])
    expect(say('en')).toEqual([
      'Tier: from 500 points ever earned',
      'Tier: with “Task 1” and “Task 2” done',
      'Tier: from 10 growth, or from 900 points ever earned, or with “Task 2” done',
    ])
  })

  test('[SE17] what cannot be is refused by the name of its field', () => {
    const at = 'ladder.rungs.1'
    expect(issuesOf([{ id: 'one', label }])).toEqual([
      [at, 'needs growth, lifetimePoints or taskSet'],
    ])
    expect(issuesOf([{ id: 'one', label, taskSet: ['gone', 'daily', 'off'] }])).toEqual([
      [`${at}.taskSet.0`, 'no quest that is on is gone'],
      [`${at}.taskSet.1`, 'daily begins anew; a tier needs quests that end'],
      [`${at}.taskSet.2`, 'no quest that is on is off'],
    ])
    expect(issuesOf([{ id: 'one', label, taskSet: ['a', 'a'] }])).toEqual([
      [`${at}.taskSet.1`, 'a stands twice'],
    ])
    expect(issuesOf([{ id: 'one', label, lifetimePoints: 5, keep: 3 }])).toEqual([
      [`${at}.keep`, 'only a rung that growth reaches can be lost'],
    ])
    expect(
      issuesOf([
        { id: 'one', label, growth: 50, lifetimePoints: 50 },
        { id: 'two', label, taskSet: ['a'] },
        { id: 'three', label, growth: 50, lifetimePoints: 40 },
      ]),
    ).toEqual([
      ['ladder.rungs.3.growth', 'each rung needs more growth than the one below'],
      ['ladder.rungs.3.lifetimePoints', 'each rung needs more lifetimePoints than the one below'],
    ])
    const raises = [quest('a', 1, { steps: [{ goal: 1, points: 1, rungs: 1 }] })]
    expect(issuesOf([{ id: 'one', label, lifetimePoints: 50 }], raises)).toEqual([
      ['quests.0.steps.0.rungs', 'one is not reached by growth'],
    ])
  })

  test('[SE16] who has what a higher tier needs is on it, whatever those between need', () => {
    const book = parsed([
      { id: 'one', label, lifetimePoints: 500 },
      { id: 'two', label, taskSet: ['a'] },
      { id: 'three', label, growth: 10 },
    ])
    expect(growthNeeds(book.ladder)).toEqual([0, 10, 10, 10])
    expect(pointsNeeds(book.ladder)).toEqual([500, 500, NEVER, NEVER])
    expect(taskSets(book.ladder)).toEqual([[['a']], [['a']], [['a']], []])
    const none = { growth: 0, earned: 0, paid: () => 0 }
    expect(rungReached(book, none)).toBe(0)
    expect(rungReached(book, { ...none, earned: 500 })).toBe(1)
    expect(rungReached(book, { ...none, paid: () => 1 })).toBe(2)
    expect(rungReached(book, { ...none, growth: 10 })).toBe(3)
  })

  test('[SE16 003-24] what is missing to the next tier is told by the nearest way', () => {
    const { ladder } = parsed([
      { id: 'one', label, growth: 100, lifetimePoints: 1000 },
      { id: 'two', label, taskSet: ['a'] },
      { id: 'three', label, lifetimePoints: 3000 },
    ])
    const goal = (rung: number, growth: number, earned: number) =>
      goalOf(ladder, { rung, growth, earned })
    expect(goal(0, 10, 700)).toEqual({ left: 300, progress: 70 })
    expect(goal(0, 90, 700)).toEqual({ left: 10, progress: 90 })
    expect(goal(0, 0, 0)).toEqual({ left: 100, progress: 0 })
    // Quests alone lead on; no number says how far.
    expect(goal(1, 500, 2900)).toEqual({ left: 0, progress: 0 })
    expect(goal(2, 500, 2900)).toEqual({ left: 100, progress: 96 })
    expect(goal(3, 500, 5000)).toBeUndefined()
    expect(goalOf(Rulebook.parse(PRESETS.live).ladder, { rung: 0, growth: 1, earned: 1 })).toBe(
      undefined,
    )
  })

  test('[PR12 002-34] the gold card of community comes by growth or by three days of watching and three friends', () => {
    const book = Rulebook.parse(PRESETS.community satisfies RulebookInput)
    expect(sentences(book, 'zh').find(({ key }) => key === 'tier.gold_card')?.text).toContain(
      '金卡：100 成长值起，或完成「连续 3 天看直播」「邀请 3 人入群」',
    )
  })
})
