import { describe, expect, test } from 'vitest'
import { ACTIONS } from '../receipt.ts'
import { changes, changeText } from './changes.ts'
import { PRESETS, type PresetName } from './presets.ts'
import { EarnRule, Rulebook, type RulebookInput } from './schema.ts'
import { earnSentence, sentences, TOPICS } from './sentences.ts'

const live = Rulebook.parse(PRESETS.live)
const rule = (input: Partial<RulebookInput['earn'][number]>) =>
  EarnRule.parse({ id: 'x', no: 1, action: 'like', points: 1, ...input })
const both = (r: EarnRule) => [earnSentence(r, 'zh'), earnSentence(r, 'en')]

describe('earn rules', () => {
  test('[SE1 002-51 002-40] caps stand behind what they limit', () => {
    expect(both(rule({ caps: { perMinute: 20, perDay: 200 } }))).toEqual([
      '每次点赞得 1 积分，最多每分钟 20 次、每天 200 次',
      'Every like earns 1 point, at most 20 a minute and 200 a day',
    ])
    expect(both(rule({ action: 'register', points: 50, caps: { ever: 1 } }))).toEqual([
      '完成注册得 50 积分，每人一次',
      'Every registration earns 50 points, once per person',
    ])
  })

  test('[SE2 002-51 001-15 001-05] watch goals say whether a break matters', () => {
    const award = {
      action: 'watch',
      points: 50,
      goal: { mode: 'continuous', minutes: 15 },
    } as const
    expect(both(rule(award))).toEqual([
      '每连续看满 15 分钟得 50 积分',
      'Every 15 minutes of watching without a break earn 50 points',
    ])
    const growth = {
      action: 'watch',
      points: 0,
      growth: 5,
      goal: { mode: 'cumulative', minutes: 10 },
    } as const
    expect(both(rule(growth))).toEqual([
      '每累计看满 10 分钟得 5 成长值',
      'Every 10 minutes of watching in all earn 5 growth',
    ])
  })

  test('[SE3 002-51 003-07] money is in yuan, with the most of one award', () => {
    const order = { action: 'purchase', per: 100, growth: 1, capPerAward: 500 } as const
    expect(both(rule(order))).toEqual([
      '每消费 1 元得 1 积分和 1 成长值，单次最多 500 积分',
      'Every yuan spent earns 1 point and 1 growth, at most 500 points at once',
    ])
    expect(both(rule({ ...order, per: 1000, growth: 0, capStage: 'beforeMultiplier' }))).toEqual([
      '每消费 10 元得 1 积分，单次最多 500 积分（加倍前）',
      'Every 10 yuan spent earn 1 point, at most 500 points at once before multipliers',
    ])
  })

  test('[SE4] points of one live are named', () => {
    expect(both(rule({ bucket: 'session', points: 2 }))).toEqual([
      '每次点赞得 2 积分（仅限本场）',
      'Every like earns 2 points for this live',
    ])
  })
})

describe('a book', () => {
  test('[SE5 002-51 001-38] every preset reads in both languages without a hole, each key once', () => {
    for (const name of Object.keys(PRESETS) as PresetName[]) {
      const book = Rulebook.parse(PRESETS[name])
      const zh = sentences(book, 'zh')
      const en = sentences(book, 'en')
      expect(en.map((s) => s.key)).toEqual(zh.map((s) => s.key))
      expect(new Set(zh.map((s) => s.key)).size).toBe(zh.length)
      for (const { text, topic } of [...zh, ...en]) {
        expect(text).not.toMatch(/undefined|NaN|\[object| {2}|[,，、:：] *$/)
        expect(TOPICS[topic]).toBeDefined()
      }
      expect(en.map((s) => s.text).join()).not.toMatch(/[\u4e00-\u9fff]/)
    }
  })

  test('[SE6] every action has a sentence', () => {
    const texts = Object.keys(ACTIONS).map((action) => {
      const watch = action === 'watch' ? { goal: { mode: 'continuous', minutes: 1 } } : {}
      return earnSentence(EarnRule.parse({ id: 'x', no: 1, action, points: 1, ...watch }), 'en')
    })
    expect(new Set(texts).size).toBe(texts.length)
  })

  test('[SE7 002-51 000-05] a room hears of its own profile only', () => {
    const rooms = (profile?: string) =>
      sentences(live, 'en', profile)
        .filter((s) => s.topic === 'room')
        .map((s) => s.text)
    expect(rooms('new_product')).toEqual(['New product rooms: question ×2, comment ×1.5'])
    expect(rooms('order_bonus')).toEqual([
      'Order bonus rooms: Every paid order earns 200 points, at most 1 a live',
    ])
    expect(rooms('another')).toEqual([])
    expect(rooms()).toHaveLength(2)
  })

  test('[SE12 003-10] an invite says what the friend has to do, by when, and who gets what', () => {
    const said = (lang: 'zh' | 'en') => {
      const mall = Rulebook.parse(PRESETS.mall)
      return sentences(mall, lang).find(({ key }) => key === 'earn.invited')?.text
    }
    expect(said('zh')).toBe(
      '邀请一位新朋友得 30 积分和 10 成长值，朋友 30 天内下单后到账，朋友另得 20 积分，每天最多邀请 5 位，一共 100 位',
    )
    expect(said('en')).toBe(
      'An invited new friend brings 30 points and 10 growth, due when the friend orders within 30 days, the friend gets 20 points, at most 5 friends a day and 100 in all',
    )
    const { invite: _, ...silent } = live
    expect(sentences(silent, 'zh').some(({ key }) => key === 'earn.invited')).toBe(false)
  })

  test('[SE12 002-53] what makes an invite look made up is said with its thresholds, and what follows', () => {
    const text = sentences(live, 'zh').find(({ key }) => key === 'earn.invited')?.text
    expect(text).toMatch(/同一网络第 4 位起、10 分钟内 10 位、.*3 位同时有两种情况的冻结账户$/)
  })

  test('[SE8] a rule that is off is not published', () => {
    const keys = sentences(live, 'zh').map((s) => s.key)
    expect(keys).toContain('earn.order')
    expect(keys).not.toContain('earn.order_bonus')
  })

  test('[SE9 002-51] heat, tiers, caps and value read as they should', () => {
    const zh = new Map(sentences(live, 'zh').map((s) => [s.key, s.text]))
    const en = new Map(sentences(live, 'en').map((s) => [s.key, s.text]))
    expect(zh.get('heat.level_3')).toBe('热度 3 级「火热」（85 起）：点赞、评论、提问、分享 ×1.5')
    expect(en.get('tier.silver')).toBe(
      'Silver: from 120 growth, points ×1.2, Birthday pack, Members’ draws',
    )
    expect(zh.get('limit.value')).toBe('100 积分 = 1 元')
    expect(en.get('rate.stacking')).toBe(
      'Heat, campaign, tier and personal multipliers are multiplied, at most ×3',
    )
    expect(en.get('comment.gate')).toBe(
      'A valid comment has 2 to 120 characters, comes 3 s or more after the last, without repeats and links',
    )
  })
})

describe('two books', () => {
  const edit = (change: (book: RulebookInput) => void) => {
    const copy: RulebookInput = structuredClone(live)
    change(copy)
    return Rulebook.parse(copy)
  }

  test('[SE10 002-41] what changed, what is new and what is gone', () => {
    const next = edit((book) => {
      book.earn = book.earn.filter((r) => r.id !== 'spotlight')
      for (const r of book.earn) {
        if (r.id === 'follow') r.points = 3
        if (r.id === 'order_bonus') r.enabled = true
      }
      book.comment.blocked = ['刷单']
    })
    const lines = (lang: 'zh' | 'en') => changes(live, next, lang).map((c) => changeText(c, lang))
    expect(lines('en')).toEqual([
      'New: Every paid order earns 200 points, at most 1 a live',
      'Every follow earns 10 points and 2 growth, at most 3 a day → Every follow earns 3 points and 2 growth, at most 3 a day',
      expect.stringMatching(/links → .*, links and blocked words$/),
      'New: Blocked word “刷单”',
      'Gone: Every top comment earns 30 points and 5 growth, at most 3 a live',
      'Gone: A top comment is one that the host picks, or that 5 other viewers like',
    ])
    expect(lines('zh')).toContain('取消：每条优质评论得 30 积分和 5 成长值，最多每场 3 条')
    expect(changes(live, live, 'zh')).toEqual([])
  })

  test('[SE11] no setting changes without a sentence that says so', () => {
    // Names that only people at the service read, and numbers of records, which may not change at all.
    const silent = /^(preset|note)$|\.(id|no)$/
    const book = edit((copy) => {
      copy.comment.blocked = ['刷单']
      copy.dailyPoints = 2000
      copy.cashback = {
        ...{ perMille: 20, minFen: 100, maxPoints: 500 },
        categories: [{ category: 'tea', perMille: 50 }],
      }
      copy.keyMoments = [
        {
          ...{ id: 'peak', title: { zh: '高潮', en: 'Peak' }, from: '20:00', minutes: 15 },
          ...{ weights: { comment: 2, watch: 0.5 }, days: [5] },
        },
      ]
      copy.boards = [
        {
          ...{ id: 'week', no: 1, title: { zh: '周榜', en: 'This week' }, least: 5 },
          ...{ actions: ['like', 'share'], prizes: [50, 20] },
          star: { title: { zh: '互动之星', en: 'Star' }, places: 2 },
        },
      ]
      copy.fanClub = {
        rungs: [
          { id: 'new', label: { zh: '新团员', en: 'New' }, growth: 0 },
          { id: 'fan', label: { zh: '铁粉', en: 'Fan' }, growth: 100, platformGrowth: 20 },
        ],
        ...{ earns: { watch: 5, comment: 2, like: 0.1, share: 5, order: 20 }, perDay: 200 },
        ...{ joinPoints: 10, taskPoints: 5000, byTier: [{ rung: 'silver', factor: 1.5 }] },
      }
      copy.invite = { due: ['orders'], points: 30, growth: 10, invitedPoints: 20 }
      for (const r of copy.earn) Object.assign(r, { enabled: true, points: 2, capPerAward: 500 })
      // A streak with a season, one of a category, and one that needs it.
      copy.quests = [
        ...PRESETS.mall.quests.filter(({ id }) => /^(check_in|snack_\w+)$/.test(id)),
        ...PRESETS.community.quests,
      ]
      Object.assign(copy.ladder.rungs[2] ?? {}, { lifetimePoints: 900, taskSet: ['watch_three'] })
    })
    const edits = leaves(book)
      .map(([path, value]) => ({ path, name: path.join('.'), value }))
      .filter(({ name }) => !silent.test(name))
      .map(({ path, name, value }) => {
        const after = structuredClone(book)
        set(after, path, other(name, value))
        return { name, after }
      })
      .filter(({ after }) => Rulebook.safeParse(after).success)
    expect(edits.length).toBeGreaterThan(200)
    expect(edits.map(({ name }) => name)).toContain('ladder.rungs.2.taskSet.0')
    const unsaid = edits.filter(({ name, after }) =>
      (['zh', 'en'] as const).some(
        (lang) =>
          // A label has one leaf for each language.
          !name.endsWith(lang === 'zh' ? '.en' : '.zh') && changes(book, after, lang).length === 0,
      ),
    )
    expect(unsaid.map(({ name }) => name)).toEqual([])
  }, 60_000)

  type Path = (string | number)[]
  function leaves(node: unknown, path: Path = []): [Path, unknown][] {
    if (typeof node !== 'object' || node === null) return [[path, node]]
    const at = (key: string) => (Array.isArray(node) ? Number(key) : key)
    return Object.entries(node).flatMap(([key, value]) => leaves(value, [...path, at(key)]))
  }

  function other(path: string, value: unknown): unknown {
    const words: Record<string, string> = {
      shareProof: 'server',
      stacking: 'max',
      timeZone: 'UTC',
      'comment.links': 'allow',
      withEarned: 'beside',
      action: value === 'review' ? 'vote' : 'review',
      bucket: 'session',
      mode: value === 'continuous' ? 'cumulative' : 'continuous',
      capStage: 'beforeMultiplier',
    }
    if (path.includes('taskSet')) return 'invite_three'
    if (typeof value === 'number') return value + 1
    if (typeof value === 'boolean') return !value
    return words[path] ?? words[path.split('.').at(-1) ?? ''] ?? `${value} other`
  }

  function set(node: unknown, path: Path, value: unknown): void {
    let at = node as Record<string | number, unknown>
    for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>
    at[path.at(-1) ?? ''] = value
  }
})

test('[SE15 000-06] a key moment says when it is and what weighs how much', () => {
  const said = (days: number[], lang: 'zh' | 'en') => {
    const moment = {
      ...{ id: 'peak', title: { zh: '高潮', en: 'Peak' }, from: '20:00', minutes: 15, days },
      weights: { comment: 2, share: 2, watch: 0.5 },
    }
    const book = Rulebook.parse({ ...PRESETS.live, keyMoments: [moment] })
    return sentences(book, lang).find(({ key }) => key === 'rate.moment_peak')?.text
  }
  expect(said([], 'zh')).toBe(
    '关键时刻「高潮」：直播间时间每天 20:00 起 15 分钟，评论、分享 ×2，观看 ×0.5',
  )
  expect(said([6, 5], 'en')).toBe(
    'Key moment “Peak”: every Friday and Saturday from 20:00 in the room’s time, for 15 minutes: comment and share ×2, watching ×0.5',
  )
})

test('[SE18 004-07] cash-back says how much, of what, when, and what is taken off', () => {
  const said = (cashback: object, lang: 'zh' | 'en') =>
    sentences(Rulebook.parse({ ...PRESETS.live, cashback }), lang).find(
      ({ key }) => key === 'earn.cashback',
    )?.text
  const full = {
    ...{ perMille: 20, minFen: 5000, maxPoints: 500, withEarned: 'beside' },
    categories: [{ category: 'tea', perMille: 55 }],
  }
  expect(said(full, 'zh')).toBe(
    '订单实付的 2% 返积分，其中 tea 5.5%，满 50 元起，每单最多 500 积分，与规则所得积分可同时得，7 天后到账，部分退款按比例减少',
  )
  expect(said({ perMille: 15, afterDays: 1 }, 'en')).toBe(
    '1.5% of what an order cost comes back as points, less what the order earned otherwise, credited after a day, and less by what is refunded',
  )
})

test('[SE19 004-13] fan clubs say what counts, what ranks bring, and how they hang together with the platform', () => {
  const club = {
    rungs: [
      { id: 'new', label: { zh: '新团员', en: 'New' }, growth: 0 },
      { id: 'fan', label: { zh: '铁粉', en: 'Fan' }, growth: 100, platformGrowth: 20 },
    ],
    ...{ earns: { watch: 5, comment: 2 }, perDay: 200, joinPoints: 10, taskPoints: 5000 },
    byTier: [{ rung: 'silver', factor: 1.5 }],
  }
  const said = (fanClub: object | undefined, lang: 'zh' | 'en') =>
    sentences(Rulebook.parse({ ...PRESETS.live, fanClub }), lang)
      .filter(({ topic }) => topic === 'club')
      .map(({ text }) => text)
  expect(said(club, 'zh')).toEqual([
    '粉丝团成员在该主播直播间得团成长值：每看满 10 分钟 5、每条有效评论 2，每天最多 200',
    '粉丝团等级：新团员 0、铁粉 100（首次达到另得平台 20 成长值），不会降级',
    '加入粉丝团需 10 积分，最多同时加入 5 个；退出后团成长值保留，再加入时接着算',
    '平台等级越高，团成长值越快：白银会员 ×1.5',
    '主播可以给粉丝团写任务，一位主播一天的任务最多发 5000 积分',
  ])
  expect(said({ ...club, joinPoints: 0, taskPoints: 0, byTier: [] }, 'en')).toEqual([
    "Members of a host's fan club gather club growth in the host's lives: every 10 minutes watched 5 and a valid comment 2, at most 200 a day",
    'Club ranks: New from 0, Fan from 100 (first time also 20 growth on the platform); a rank is never lost',
    'Joining a fan club is free, at most 5 at a time; who leaves keeps the club growth for the next time',
  ])
  expect(said(undefined, 'zh')).toEqual([])
  const wrong = (fanClub: object) =>
    Rulebook.safeParse({ ...PRESETS.live, fanClub }).error?.issues.map(({ path }) => path.join('.'))
  expect(wrong({ ...club, byTier: [{ rung: 'nobody', factor: 2 }] })).toEqual([
    'fanClub.byTier.0.rung',
  ])
  expect(wrong({ ...club, earns: {} })).toEqual(['fanClub.earns'])
  expect(wrong({ ...club, rungs: [...club.rungs].reverse() })).toContain('fanClub.rungs.0.growth')
})

test('[SE13 003-38] a burn week says how long it is and what its rewards cost', () => {
  const said = (wallet: object, lang: 'zh' | 'en') =>
    sentences(Rulebook.parse({ ...PRESETS.live, wallet }), lang).find(({ text }) =>
      /清零周|Burn week/.test(text),
    )?.text
  const burnWeek = { days: 7, factor: 0.6 }
  expect(said({ burnWeek }, 'zh')).toBe(
    '积分清零周：到期前最后 7 天开放专属奖励，积分价为平时的 60%，不低于底价',
  )
  expect(said({ burnWeek: { days: 3 } }, 'en')).toBe(
    'Burn week: rewards of their own open in the last 3 days before points expire',
  )
  expect(said({}, 'zh')).toBeUndefined()
  expect(said({ burnWeek, expiry: { kind: 'never' } }, 'zh')).toBeUndefined()
})

test('[SE14 003-09 003-30] a quest says what each step asks and pays, how often, and for whom', () => {
  const said = (lang: 'zh' | 'en') =>
    Object.fromEntries(
      sentences(Rulebook.parse(PRESETS.mall), lang)
        .filter(({ topic }) => topic === 'quest')
        .map(({ key, text }) => [key, text]),
    )
  expect(said('zh')).toMatchObject({
    'quest.check_in':
      '每日签到：连续签到第 1 天得 1 积分、连续签到第 2 天得 2 积分、连续签到第 3 天得 3 积分、连续签到第 4 天得 4 积分、连续签到第 5 天得 5 积分，之后每天相同，断一天就从第 1 天重来，07-01 到 08-31 积分为 60%',
    'quest.browse_five': '逛 5 件好物：每天浏览商品满 5 次得 10 积分',
    'quest.order_week':
      '连续 7 天下单：连续下单第 7 天得 100 积分和 升一级，只得一次，断一天就从第 1 天重来',
    'quest.snack_expert':
      '零食专家：晒图评价：每周带图评价满 1 条得 50 积分和 10 成长值，先完成「零食买满 200 元」',
  })
  expect(said('en')).toMatchObject({
    'quest.first_follow':
      'Follow the host: 1 follow for 20 points, in the first 7 days of an account',
    'quest.browse_five': 'See 5 products: 5 product views for 10 points a day',
    'quest.snack_fan':
      '200 yuan of snacks: 200 yuan spent for 30 points and 5 growth a week, only of snacks',
  })
  expect(
    sentences(Rulebook.parse(PRESETS.live), 'zh').some(({ key }) => key === 'quest.order_week'),
  ).toBe(false)
})
