import { describe, expect, test } from 'vitest'
import { LADDERS } from './ladders.ts'
import { DEFAULT_PRESET, PRESETS, type PresetName, RULE_NUMBERS } from './presets.ts'
import { type EarnRule, Ladder, Rulebook } from './schema.ts'

const book = (name: PresetName) => Rulebook.parse(PRESETS[name])
const find = (name: PresetName, id: string) => {
  const rule = book(name).earn.find((r) => r.id === id)
  if (!rule) throw new Error(`${name} has no rule ${id}`)
  return rule
}

describe('all presets', () => {
  test.each(Object.keys(PRESETS) as PresetName[])('[PR1] %s fits the schema', (name) => {
    expect(Rulebook.safeParse(PRESETS[name]).error).toBeUndefined()
    expect(PRESETS[name].preset).toBe(name)
  })

  test('[PR2] a rule has the same number in every preset, and no number stands for two rules', () => {
    const numbers = Object.values(RULE_NUMBERS)
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const name of Object.keys(PRESETS) as PresetName[])
      for (const rule of book(name).earn)
        expect([rule.id, rule.no]).toEqual([rule.id, { ...RULE_NUMBERS }[rule.id]])
  })

  test('[PR15] a quest has the same number in every preset, and no number stands for two quests', () => {
    const names = new Map<number, string>()
    for (const name of Object.keys(PRESETS) as PresetName[])
      for (const { id, no } of book(name).quests) {
        expect(names.get(no) ?? id).toBe(id)
        names.set(no, id)
      }
    expect(new Set(names.values()).size).toBe(names.size)
    expect(names.size).toBeGreaterThan(5)
  })

  test('[PR3 001-02 002-34 004-04 004-06] the ladders have five, three and two rungs', () => {
    expect(Object.values(LADDERS).map((l) => Ladder.parse(l).rungs.length)).toEqual([5, 3, 2])
    expect(LADDERS['cn-5'].rungs.map((r) => r.label.zh)).toEqual([
      '普通用户',
      '青铜会员',
      '白银会员',
      '黄金会员',
      '黑钻会员',
    ])
  })
})

describe('live', () => {
  const live = book(DEFAULT_PRESET)

  test('[PR4 001-15] fifteen minutes of continuous watching pay 50 points', () => {
    expect(find('live', 'watch_continuous')).toMatchObject({
      points: 50,
      goal: { mode: 'continuous', minutes: 15 },
    })
  })

  test('[PR4] likes, comments and shares earn', () => {
    for (const id of ['like', 'comment', 'share'])
      expect(find('live', id).points).toBeGreaterThan(0)
    expect(find('live', 'like')).toMatchObject({ points: 1, caps: { perMinute: 20, perDay: 200 } })
  })

  test('[PR4 001-03 001-17 001-04 001-05 001-06 001-07 001-08 004-03] purchases and growth have their numbers', () => {
    expect(find('live', 'purchase')).toMatchObject({ points: 1, growth: 1, per: 100 })
    expect(find('live', 'watch_growth')).toMatchObject({
      points: 0,
      growth: 5,
      goal: { mode: 'cumulative', minutes: 10 },
    })
    expect(find('live', 'comment').growth).toBe(2)
    expect(find('live', 'share').growth).toBe(10)
    // 004-03: a like counts too, a hundred of them as much as half a share.
    expect(find('live', 'like').growth).toBe(0.05)
    expect(find('live', 'order')).toMatchObject({ points: 0, growth: 20 })
  })

  test('[PR5] what only the client says of a share pays at most once a live', () => {
    expect(live.shareProof).toBe('client')
    expect(find('live', 'share').caps.perLive).toBe(1)
  })

  test('[PR6 000-05] in rooms for a new product a question or comment weighs more than a purchase', () => {
    const factors = live.profiles.find((p) => p.id === 'new_product')?.factors ?? {}
    const purchase = factors.purchase ?? 1
    expect(factors.question).toBeGreaterThan(purchase)
    expect(factors.comment).toBeGreaterThan(purchase)
  })

  test('[PR7 001-36 004-01] a first session of 15 minutes without buying ends above Bronze', () => {
    const growth = session({ watchMinutes: 15, comment: 3, share: 1 })
    expect(growth).toBeGreaterThanOrEqual(rungAt('bronze'))
    expect(session({ watchMinutes: 30 })).toBeGreaterThanOrEqual(rungAt('bronze'))
    // The promotion means something: opening the room is not enough.
    expect(session({ watchMinutes: 10, comment: 1 })).toBeLessThan(rungAt('bronze'))
  })

  test('[PR8 001-09] an active viewer who never buys reaches Silver within two days', () => {
    const day = session({ watchMinutes: 90, comment: 20, question: 3, share: 1 })
    expect(day).toBeLessThan(rungAt('silver'))
    expect(2 * day).toBeGreaterThanOrEqual(rungAt('silver'))
  })

  test('[PR9 000-03 000-07] heat counts heads and interactions and changes what they pay', () => {
    expect(live.heat.weights.watch).toBeGreaterThan(0)
    expect(live.heat.weights.comment).toBeGreaterThan(0)
    expect(live.heat.levels).toHaveLength(6)
    const steps = live.heat.levels
      .slice(2)
      .map((l, i) => l.from / (live.heat.levels[i + 1]?.from ?? 1))
    for (const step of steps) {
      expect(step).toBeGreaterThanOrEqual(1.3)
      expect(step).toBeLessThanOrEqual(1.5)
    }
    const likes = live.heat.levels.map((l) => l.factors.like ?? 1)
    expect(likes).toEqual([...likes].sort((a, b) => a - b))
    expect(likes.at(-1)).toBeGreaterThan(1)
  })

  test('[PR10] five active people bring a room to level 2 in a minute and to 3 in two', () => {
    expect(levelAfter(5, 62)).toBe(2)
    expect(levelAfter(5, 120)).toBe(3)
    expect(levelAfter(1, 600)).toBe(0)
    expect(levelAfter(12, 300)).toBe(5)
  })

  function rungAt(id: string): number {
    return live.ladder.rungs.find((r) => r.id === id)?.growth ?? Number.NaN
  }

  /** Growth of a session, each rule stopped at its cap for one live. */
  function session(did: {
    watchMinutes?: number
    comment?: number
    question?: number
    share?: number
  }) {
    const growth = (rule: EarnRule) => {
      const units = rule.goal
        ? Math.floor((did.watchMinutes ?? 0) / rule.goal.minutes)
        : rule.action === 'comment' || rule.action === 'question' || rule.action === 'share'
          ? (did[rule.action] ?? 0)
          : 0
      const { perLive = Number.POSITIVE_INFINITY, perDay = Number.POSITIVE_INFINITY } = rule.caps
      return rule.growth * Math.min(units, perLive, perDay)
    }
    return live.earn.reduce((sum, rule) => sum + growth(rule), 0)
  }

  /** A plain reading of the heat rules: one like a second, a comment every 20 s, a beat every 15 s. */
  function levelAfter(people: number, seconds: number): number {
    const { weights, perViewer, levels, minActors, minDwellSec, halfLifeSec } = live.heat
    const perTenSeconds =
      10 * (weights.like ?? 0) +
      (10 / 20) * (weights.comment ?? 0) +
      (10 / 15) * (weights.watch ?? 0)
    const rate = (people * Math.min(perTenSeconds, perViewer)) / 10
    let heat = 0
    let level = 0
    let since = 0
    for (let t = 1; t <= seconds; t++) {
      heat = heat * 0.5 ** (1 / halfLifeSec) + rate
      const reached = levels.findLastIndex(({ from }) => heat >= from)
      const rested = level === 0 || t - since >= minDwellSec
      if (reached > level && rested && people >= minActors) {
        level = reached
        since = t
      }
    }
    return level
  }
})

describe('other presets', () => {
  test('[PR11 000-01 000-02] static pays 10 points for 10 minutes and 1 a yuan, whatever the room does', () => {
    expect(find('static', 'watch_cumulative')).toMatchObject({ points: 10, goal: { minutes: 10 } })
    expect(find('static', 'purchase')).toMatchObject({ points: 1, per: 100 })
    expect(book('static').heat.levels).toHaveLength(1)
    expect(book('static').profiles).toHaveLength(0)
  })

  test('[PR12 002-14 002-15 002-16 002-17 002-01] community pays watching, orders, friends and photo reviews', () => {
    expect(find('community', 'watch_cumulative')).toMatchObject({
      points: 20,
      goal: { minutes: 10 },
    })
    expect(find('community', 'purchase')).toMatchObject({ points: 10, per: 100 })
    expect(find('community', 'order').points).toBe(50)
    expect(book('community').invite).toMatchObject({
      due: ['registers', 'orders'],
      points: 100,
    })
    expect(find('community', 'review').points).toBe(30)
    expect(find('community', 'order_bonus')).toMatchObject({ points: 200, enabled: false })
    for (const preset of ['community', 'live'] as const)
      expect(PRESETS[preset].profiles.at(-1)).toMatchObject({ enables: ['order_bonus'] })
  })

  test('[PR13 003-07 003-08] mall caps an order at 500, in both readings of its source', () => {
    expect(PRESETS.mall.purchase).toEqual({ firstOrder: 2 })
    expect(find('mall', 'purchase')).toMatchObject({
      points: 1,
      capPerAward: 500,
      capStage: 'afterMultiplier',
    })
    expect(find('mall_tenth', 'purchase')).toMatchObject({
      points: 0.1,
      capPerAward: 500,
      capStage: 'beforeMultiplier',
    })
  })

  test('[PR14 003-04 003-09 003-10 003-11 003-19 003-31] mall balances small daily things with purchases', () => {
    const quest = (id: string) => book('mall').quests.find((one) => one.id === id)
    expect(quest('check_in')).toMatchObject({
      period: 'streak',
      steps: [1, 2, 3, 4, 5].map((points) => ({ points })),
      season: { percent: 60 },
    })
    expect(quest('check_in_week')?.steps).toMatchObject([{ goal: 7, points: 50 }])
    expect(quest('browse_five')?.steps).toMatchObject([{ goal: 5, points: 10 }])
    expect(find('mall', 'share').points).toBe(10)
    expect(find('mall', 'comment').points).toBe(5)
    expect(book('mall').invite).toMatchObject({ due: ['orders'], points: 30, invitedPoints: 20 })
    expect(find('mall', 'register')).toMatchObject({ points: 50, caps: { ever: 1 } })
    expect(book('mall').ladder.rungs[1]?.factor).toBe(1.2)
  })
})
