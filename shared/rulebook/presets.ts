/** Rulebooks to start from, with the numbers that the requirements name. Data only; the schema fills the rest. */

import { LADDERS } from './ladders.ts'
import type { RulebookInput } from './schema.ts'
import { LIVE_TARGETING } from './targeting-presets.ts'

type EarnInput = RulebookInput['earn'][number]
type QuestInput = NonNullable<RulebookInput['quests']>[number]
type HeatInput = RulebookInput['heat']

/**
 * The number of every rule that a preset knows, the same in all presets, because records of one account
 * outlive a change of preset. A rule that goes keeps its number for ever.
 */
export const RULE_NUMBERS = {
  like: 1,
  comment: 2,
  question: 3,
  watch_continuous: 4,
  watch_cumulative: 5,
  watch_growth: 6,
  share: 7,
  purchase: 8,
  order: 9,
  order_bonus: 10,
  spotlight: 11,
  vote: 12,
  join: 13,
  browse: 14,
  sign_in: 15,
  follow: 16,
  invite: 17,
  register: 18,
  review: 19,
  deed: 20,
} as const
type PresetRule = keyof typeof RULE_NUMBERS

/** Purchases come in fen; one unit is one yuan. */
const YUAN = 100

const rule = (id: PresetRule, rest: Omit<EarnInput, 'id' | 'no'>): EarnInput => ({
  id,
  no: RULE_NUMBERS[id],
  ...rest,
})

const watchGrowth = rule('watch_growth', {
  action: 'watch',
  points: 0,
  growth: 5,
  goal: { mode: 'cumulative', minutes: 10 },
  caps: { perDay: 24 },
})
const purchase = rule('purchase', { action: 'purchase', points: 1, growth: 1, per: YUAN })
const paidOrder = rule('order', { action: 'order', points: 0, growth: 20 })

/** What answers to the mood of a room; money and watching pay the same in every mood. */
const lively = (factor: number) => ({
  like: factor,
  comment: factor,
  question: factor,
  share: factor,
})

/**
 * Five people who like, comment and watch bring a room to level 2 within a minute and to level 3 within two;
 * level 5 takes a crowd. A beat of the watch clock counts a little, so that head-count is part of heat.
 */
const LIVE_HEAT: HeatInput = {
  halfLifeSec: 60,
  weights: {
    like: 0.2,
    comment: 2,
    question: 3,
    watch: 0.3,
    share: 5,
    follow: 3,
    order: 6,
  },
  perViewer: 6,
  minActors: 3,
  minDwellSec: 30,
  hysteresis: 0.2,
  levels: [
    { from: 0, label: { zh: '平静', en: 'Calm' }, factors: {} },
    { from: 40, label: { zh: '预热', en: 'Warming up' }, factors: lively(1.1) },
    { from: 60, label: { zh: '升温', en: 'Warm' }, factors: lively(1.2) },
    { from: 85, label: { zh: '火热', en: 'Hot' }, factors: lively(1.5) },
    { from: 120, label: { zh: '沸腾', en: 'Boiling' }, factors: lively(2) },
    { from: 165, label: { zh: '燃爆', en: 'On fire' }, factors: lively(2.5) },
  ],
}

/** Rooms in which an order earns 200 more. */
const ORDER_BONUS_ROOM = {
  id: 'order_bonus',
  label: { zh: '下单加赠', en: 'Order bonus' },
  factors: {},
  enables: ['order_bonus'],
}

/** What ordering brings in such a room at its liveliest is worth less than this. */
const LEAST_ORDER = { leastOrderFen: 990 }

/** As with rules: the same in all presets, and never another one's. */
export const QUEST_NUMBERS = {
  check_in: 1,
  check_in_week: 2,
  browse_five: 3,
  share_steps: 4,
  first_follow: 5,
  first_comment: 6,
  bring_friend: 7,
  order_week: 8,
  snack_fan: 9,
  snack_expert: 10,
  watch_three: 11,
  invite_three: 12,
  waste_week: 13,
} as const
type PresetQuest = keyof typeof QUEST_NUMBERS

const quest = (
  id: PresetQuest,
  [zh, en]: readonly [zh: string, en: string],
  rest: Omit<QuestInput, 'id' | 'no' | 'title'>,
): QuestInput => ({ id, no: QUEST_NUMBERS[id], title: { zh, en }, ...rest })

const once = (points: number) => [{ goal: 1, points }]
/** Days in which an account is new. */
const NEW_DAYS = 7

/** Rising to 5, and 50 for a week. */
const CHECK_IN = quest('check_in', ['每日签到', 'Daily check-in'], {
  action: 'sign_in',
  period: 'streak',
  cycle: 'stay',
  steps: [1, 2, 3, 4, 5].map((points) => ({ goal: points, points })),
})
const CHECK_IN_WEEK = quest('check_in_week', ['连签 7 天', '7 days in a row'], {
  action: 'sign_in',
  period: 'streak',
  steps: [{ goal: 7, points: 50 }],
})
const BROWSE_FIVE = quest('browse_five', ['逛 5 件好物', 'See 5 products'], {
  action: 'browse',
  period: 'day',
  steps: [{ goal: 5, points: 10 }],
})
const FIRST_FOLLOW = quest('first_follow', ['首次关注主播', 'Follow the host'], {
  action: 'follow',
  period: 'once',
  newDays: NEW_DAYS,
  steps: once(20),
})
const FIRST_COMMENT = quest('first_comment', ['发第一条评论', 'First comment'], {
  action: 'comment',
  period: 'once',
  newDays: NEW_DAYS,
  steps: once(10),
})
const ORDER_WEEK = quest('order_week', ['连续 7 天下单', '7 days of orders'], {
  action: 'order',
  period: 'streak',
  cycle: 'end',
  steps: [{ goal: 7, points: 100, rungs: 1 }],
})

/** For books whose rates never move: a room of one level. */
const FLAT_HEAT: HeatInput = {
  weights: {},
  levels: [{ from: 0, label: { zh: '平静', en: 'Calm' }, factors: {} }],
}

/** What points buy in the room; a lively evening earns one broadcast or a week of colour. */
const LIVE_EFFECTS: RulebookInput['effects'] = {
  broadcast: { points: 300 },
  colours: [
    { colour: 'sky', points: 80, days: 7 },
    { colour: 'jade', points: 150, days: 7 },
    { colour: 'rose', points: 300, days: 30 },
  ],
  entrances: [
    { entrance: 'soft', points: 120, days: 7 },
    { entrance: 'bright', points: 400, days: 30 },
  ],
  tiers: [
    { rung: 'silver', colour: 'sky' },
    { rung: 'gold', colour: 'gold', entrance: 'soft' },
    { rung: 'black_diamond', colour: 'gold', entrance: 'grand' },
  ],
  tip: { policy: 'hostBucket', amounts: [10, 50, 200] },
  draw: { points: 20 },
  vote: { points: 10 },
  boost: { kind: 'dayPass', maxRungs: 1, points: 200 },
}

/** The product's own: rates follow the room, and what is done in it counts. */
const live = {
  preset: 'live',
  note: 'Rates follow the heat of the room',
  dailyPoints: 2000,
  earn: [
    rule('like', {
      action: 'like',
      points: 1,
      growth: 0.05,
      caps: { perMinute: 20, perDay: 200 },
    }),
    rule('comment', {
      action: 'comment',
      points: 5,
      growth: 2,
      caps: { perMinute: 3, perDay: 30 },
    }),
    rule('question', {
      action: 'question',
      points: 8,
      growth: 2,
      caps: { perMinute: 1, perDay: 10 },
    }),
    rule('watch_continuous', {
      action: 'watch',
      points: 50,
      goal: { mode: 'continuous', minutes: 15 },
      caps: { perDay: 8 },
    }),
    watchGrowth,
    // What only the client says of a share is believed once a live.
    rule('share', { action: 'share', points: 20, growth: 10, caps: { perLive: 1, perDay: 5 } }),
    purchase,
    paidOrder,
    rule('order_bonus', { action: 'order', enabled: false, points: 200, caps: { perLive: 1 } }),
    rule('spotlight', { action: 'spotlight', points: 30, growth: 5, caps: { perLive: 3 } }),
    // Small, and whatever comes of it: draws, boxes and flash windows pay who is there.
    rule('vote', { action: 'vote', points: 2, growth: 1, caps: { perLive: 5 } }),
    rule('join', { action: 'join', points: 2, caps: { perLive: 10 } }),
    rule('follow', { action: 'follow', points: 10, growth: 2, caps: { perDay: 3 } }),
    // For platforms that report them; until they do, publishing them would promise what nothing pays.
    rule('invite', {
      action: 'invite',
      enabled: false,
      points: 30,
      growth: 10,
      caps: { perDay: 5 },
    }),
    rule('register', { action: 'register', points: 50, caps: { ever: 1 } }),
    rule('review', { action: 'review', enabled: false, points: 30, caps: { perDay: 3 } }),
  ],
  heat: LIVE_HEAT,
  ladder: LADDERS['cn-5'],
  greeting: { rung: 'black_diamond' },
  comment: {},
  attention: {},
  shareProof: 'client',
  profiles: [
    {
      id: 'new_product',
      label: { zh: '新品首发', en: 'New product' },
      factors: { question: 2, comment: 1.5 },
    },
    ORDER_BONUS_ROOM,
  ],
  quests: [
    CHECK_IN,
    CHECK_IN_WEEK,
    FIRST_FOLLOW,
    BROWSE_FIVE,
    // To be switched on where rooms are to pay more for the same things than their rules do.
    ...[FIRST_COMMENT, ORDER_WEEK].map((one) => ({ ...one, enabled: false })),
    // Each step asks for more than the one before.
    quest('share_steps', ['分享达人', 'Share it around'], {
      enabled: false,
      action: 'share',
      period: 'week',
      steps: [
        { goal: 1, points: 5 },
        { goal: 3, points: 15 },
        { goal: 6, points: 30, growth: 5 },
      ],
    }),
    quest('bring_friend', ['邀好友来看直播', 'Bring a friend'], {
      action: 'invite',
      period: 'week',
      steps: once(30),
    }),
  ],
  purchase: LEAST_ORDER,
  // What a friend's link brings; a friend has watched when a rule has paid for it.
  invite: { due: ['watches'], points: 30, invitedPoints: 10, guard: { freezeAt: 3 } },
  effects: LIVE_EFFECTS,
  targeting: LIVE_TARGETING,
} satisfies RulebookInput

/** What is usual elsewhere: watch and buy at fixed rates. The baseline to compare with. */
const fixed = {
  preset: 'static',
  note: 'Fixed rates for watching and buying',
  earn: [
    rule('watch_cumulative', {
      action: 'watch',
      points: 10,
      goal: { mode: 'cumulative', minutes: 10 },
    }),
    watchGrowth,
    purchase,
    paidOrder,
  ],
  heat: FLAT_HEAT,
  ladder: LADDERS['cn-5'],
  greeting: { rung: 'black_diamond' },
  comment: {},
  attention: {},
} satisfies RulebookInput

/** What brings the gold card without buying. */
const GOLD_CARD_QUESTS = [
  quest('watch_three', ['连续 3 天看直播', 'Watch 3 days in a row'], {
    action: 'watch',
    period: 'streak',
    cycle: 'end',
    steps: [{ goal: 3, points: 20 }],
  }),
  quest('invite_three', ['邀请 3 人入群', 'Bring 3 friends into the group'], {
    action: 'invite',
    period: 'once',
    steps: [{ goal: 3, points: 50 }],
  }),
]

/** Paid beside the deed's own rule, for what a neighbourhood wants done every week. */
const WASTE_WEEK = quest('waste_week', ['垃圾分类一周 3 次', 'Sort waste 3 times a week'], {
  action: 'deed',
  period: 'week',
  category: 'waste_sorting',
  steps: [{ goal: 3, points: 30 }],
})

/** Group buying in a neighbourhood: orders, friends, photo reviews, and what people do for each other. */
const community = {
  preset: 'community',
  note: 'Group buying: orders, friends, photo reviews and good deeds',
  earn: [
    rule('watch_cumulative', {
      action: 'watch',
      points: 20,
      goal: { mode: 'cumulative', minutes: 10 },
    }),
    watchGrowth,
    rule('purchase', { action: 'purchase', points: 10, growth: 1, per: YUAN }),
    rule('order', { action: 'order', points: 50, growth: 20 }),
    rule('order_bonus', { action: 'order', enabled: false, points: 200, caps: { perLive: 1 } }),
    rule('review', { action: 'review', points: 30, growth: 2, caps: { perDay: 5 } }),
    rule('deed', { action: 'deed', points: 20, growth: 10, caps: { perDay: 3 } }),
    rule('question', { action: 'question', points: 2, growth: 2, caps: { perDay: 10 } }),
    rule('like', { action: 'like', points: 1, caps: { perDay: 20 } }),
    rule('share', { action: 'share', points: 10, growth: 10, caps: { perLive: 1 } }),
  ],
  heat: LIVE_HEAT,
  ladder: LADDERS['card-2'],
  greeting: { rung: 'gold_card' },
  comment: {},
  attention: {},
  // A registration is joining the group.
  purchase: LEAST_ORDER,
  invite: { due: ['registers', 'orders'], points: 100, growth: 10, guard: {} },
  quests: [...GOLD_CARD_QUESTS, WASTE_WEEK],
  profiles: [ORDER_BONUS_ROOM],
} satisfies RulebookInput

const MALL_SMALL: EarnInput[] = [
  rule('share', { action: 'share', points: 10, growth: 10, caps: { perDay: 5 } }),
  rule('comment', { action: 'comment', points: 5, growth: 2, caps: { perDay: 10 } }),
  rule('register', { action: 'register', points: 50, caps: { ever: 1 } }),
]

const MALL_QUESTS = [
  // In the quiet season of a shop a check-in pays up to 3 instead of 5.
  { ...CHECK_IN, season: { from: '07-01', until: '08-31', percent: 60 } },
  CHECK_IN_WEEK,
  BROWSE_FIVE,
  FIRST_FOLLOW,
  FIRST_COMMENT,
  ORDER_WEEK,
  quest('snack_fan', ['零食买满 200 元', '200 yuan of snacks'], {
    action: 'purchase',
    period: 'week',
    category: 'snacks',
    steps: [{ goal: 200, points: 30, growth: 5 }],
  }),
  quest('snack_expert', ['零食专家：晒图评价', 'Snack expert: review'], {
    action: 'review',
    period: 'week',
    needs: 'snack_fan',
    steps: [{ goal: 1, points: 50, growth: 10 }],
  }),
]

/** A shop with live rooms: many small things a day, and purchases with a most per order. */
const mall = {
  preset: 'mall',
  note: 'One point a yuan, at most 500 an order, and small things every day',
  earn: [
    rule('purchase', {
      action: 'purchase',
      points: 1,
      growth: 1,
      per: YUAN,
      capPerAward: 500,
    }),
    paidOrder,
    watchGrowth,
    ...MALL_SMALL,
  ],
  heat: FLAT_HEAT,
  ladder: LADDERS['cn-3'],
  greeting: { rung: 'dearest' },
  comment: {},
  attention: {},
  purchase: { firstOrder: 2 },
  invite: { due: ['orders'], points: 30, growth: 10, invitedPoints: 20 },
  quests: MALL_QUESTS,
  shareProof: 'server',
} satisfies RulebookInput

/** As `mall`, with the other reading of its source: a tenth of a point a yuan, capped before multipliers. */
const mallTenth = {
  ...mall,
  preset: 'mall_tenth',
  note: 'A tenth of a point a yuan, at most 500 an order before multipliers',
  earn: [
    rule('purchase', {
      action: 'purchase',
      points: 0.1,
      growth: 1,
      per: YUAN,
      capPerAward: 500,
      capStage: 'beforeMultiplier',
    }),
    paidOrder,
    watchGrowth,
    ...MALL_SMALL,
  ],
} satisfies RulebookInput

export const PRESETS = {
  live,
  static: fixed,
  community,
  mall,
  mall_tenth: mallTenth,
} satisfies Record<string, RulebookInput>
export type PresetName = keyof typeof PRESETS
export const DEFAULT_PRESET: PresetName = 'live'
