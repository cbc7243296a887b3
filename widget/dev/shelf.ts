/** A catalogue with every kind of lock, and redemptions in every state, for fixtures. */

import type { RedemptionView, RewardView } from '../../shared/rewards.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time.ts'

const reward = (
  id: string,
  [zh, en, image, points]: [string, string, string, number],
  given: Partial<RewardView> = {},
): RewardView => ({
  id,
  title: { zh, en },
  image,
  kind: 'item',
  cost: { points, cashFen: 0, pay: 'any' },
  worthFen: points,
  value: { ratioMilli: 1000 },
  delivery: 'pickup',
  pickup: [{ id: 'wensan', name: { zh: '文三路 88 号社区店', en: '88 Wensan Rd store' } }],
  cancelWithinMs: HOUR_MS,
  ...given,
})

const gold = { rung: 3, label: { zh: '黄金会员', en: 'Gold' } }
const black = { rung: 4, label: { zh: '黑钻会员', en: 'Black Diamond' } }

export const shelfOf = (nowMs: number, near?: object): RewardView[] => [
  reward('oats', ['低GI燕麦片 1kg', 'Low-GI oats 1 kg', '🥣', 1800], {
    recommended: {
      zh: '换过「有机燕麦片 500 克家庭装」的人常换它',
      en: 'Who took Organic oatmeal 500 g often takes this',
    },
    worthFen: 1990,
    value: { ratioMilli: 1106 },
    left: 12,
    pickup: [
      {
        id: 'wensan',
        name: { zh: '文三路 88 号社区店', en: '88 Wensan Rd store' },
        located: true,
        ...(near && { distanceM: 640 }),
      },
      {
        id: 'west',
        name: { zh: '西溪路 12 号便利店', en: '12 Xixi Rd corner shop' },
        located: true,
        ...(near && { distanceM: 2830 }),
      },
    ],
  }),
  reward('oil', ['山茶油 500ml', 'Camellia oil 500 ml', '🫒', 1800], {
    cost: { points: 1800, cashFen: 990, pay: 'any' },
    worthFen: 6800,
    value: { ratioMilli: 3228, warning: 'high' },
    left: 40,
  }),
  reward('eggs', ['888 分抢土鸡蛋', 'Farm eggs for 888', '🥚', 888], {
    worthFen: 1990,
    value: { ratioMilli: 2241, warning: 'high' },
    left: 3,
    low: true,
    opensAtMs: nowMs - 23_000,
    closesAtMs: nowMs + 277_000,
  }),
  reward('coupon', ['5 元无门槛券', '¥5 coupon', '🎟️', 250], {
    kind: 'coupon',
    usualPoints: 500,
    worthFen: 500,
    value: { ratioMilli: 2000 },
    delivery: 'code',
  }),
  reward('honey', ['槐花蜜 500g', 'Acacia honey 500 g', '🍯', 720], {
    usualPoints: 900,
    member: {
      rung: 2,
      label: { zh: '白银会员', en: 'Silver' },
      points: 720,
      cashFen: 0,
      yours: true,
    },
    worthFen: 990,
    value: { ratioMilli: 1375 },
    left: 18,
  }),
  reward('noodles', ['手工挂面 1kg', 'Hand-made noodles 1 kg', '🍜', 1000], {
    member: { ...gold, points: 780, cashFen: 0, yours: false },
    left: 60,
  }),
  reward('mug', ['主播同款马克杯', "The host's mug", '☕', 2600], {
    worthFen: 1100,
    value: { ratioMilli: 423, warning: 'low' },
  }),
  reward('pot', ['主播同款炖锅', "The host's stew pot", '🍲', 3200], {
    lock: { kind: 'tier', ...gold },
    left: 20,
  }),
  reward('box', ['粗粮礼盒', 'Grain gift box', '🎁', 1200], {
    lock: { kind: 'task', lives: 3, watched: 2 },
  }),
  reward('tea', ['明前龙井 50g', 'Longjing tea 50 g', '🍵', 1500], {
    opensAtMs: nowMs - 2 * MINUTE_MS,
    lock: { kind: 'early', ...black, opensAtMs: nowMs + 3 * MINUTE_MS },
  }),
  reward('rice', ['五常大米 2kg', 'Wuchang rice 2 kg', '🍚', 900], {
    left: 0,
    lock: { kind: 'sold_out', restocksAtMs: nowMs + 2 * DAY_MS },
  }),
  reward('seat', ['小灶直播间名额', 'Seat in the kitchen talk', '', 300], {
    kind: 'access',
    cost: { points: 300, cashFen: 0, pay: 'session' },
    lock: { kind: 'limit', per: 'week', resetsAtMs: nowMs + 3 * DAY_MS },
    mine: { taken: 1, max: 1, per: 'week' },
  }),
]

/** A burn week that has two days left. */
export const burnWeekOf = (nowMs: number) => ({
  opensAtMs: nowMs - 5 * DAY_MS,
  closesAtMs: nowMs + 2 * DAY_MS,
})

/** What is on the shelf for it: one that can be taken, one that is only cheaper, one that is too dear. */
export const burnShelfOf = (nowMs: number): RewardView[] => {
  const { closesAtMs, opensAtMs } = burnWeekOf(nowMs)
  const week = { burnWeek: true as const, opensAtMs, closesAtMs }
  return [
    reward('basket', ['清零周果篮', 'Burn week fruit basket', '🍎', 600], {
      ...week,
      usualPoints: 1000,
      worthFen: 1290,
      value: { ratioMilli: 2150, warning: 'high' },
      left: 30,
    }),
    reward('honey', ['槐花蜜 500g', 'Acacia honey 500 g', '🍯', 1500], {
      burnWeek: true,
      usualPoints: 2500,
      worthFen: 2600,
      value: { ratioMilli: 1733 },
    }),
    reward('kettle', ['养生壶', 'Glass kettle', '🫖', 4800], {
      ...week,
      worthFen: 5900,
      value: { ratioMilli: 1229 },
    }),
    ...shelfOf(nowMs),
  ]
}

const redemption = (
  id: string,
  [zh, en, points]: [string, string, number],
  given: Partial<RedemptionView>,
): RedemptionView => ({
  id,
  reward: id,
  title: { zh, en },
  kind: 'item',
  points,
  cashFen: 0,
  state: 'issued',
  atMs: 0,
  ...given,
})

/** One whose code is over in some hours. */
export const endingOf = (nowMs: number): RedemptionView[] => {
  const [tofu] = redemptionsOf(nowMs)
  if (!tofu?.pickup) return []
  return [{ ...tofu, pickup: { ...tofu.pickup, untilMs: nowMs + 5 * HOUR_MS } }]
}

export const redemptionsOf = (nowMs: number): RedemptionView[] => [
  redemption('tofu', ['老豆腐 1 盒', 'Tofu', 200], {
    atMs: nowMs - MINUTE_MS,
    code: '7K4M-29QX-3R',
    qr: 'FF1.7K4M29QX3R.abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789',
    pickup: {
      point: 'wensan',
      name: { zh: '文三路 88 号社区店', en: '88 Wensan Rd store' },
      day: new Date(nowMs + DAY_MS).toISOString().slice(0, 10),
      untilMs: nowMs + 7 * DAY_MS,
    },
    cancelUntilMs: nowMs + HOUR_MS,
  }),
  redemption('cash', ['山茶油 500ml', 'Camellia oil 500 ml', 1800], {
    atMs: nowMs - 2 * MINUTE_MS,
    state: 'awaiting_cash',
    cashFen: 990,
    cashUntilMs: nowMs + 13 * MINUTE_MS,
    cancelUntilMs: nowMs + 13 * MINUTE_MS,
  }),
  redemption('used', ['低GI燕麦片 1kg', 'Low-GI oats 1 kg', 1800], {
    atMs: nowMs - DAY_MS,
    state: 'used',
    usedAtMs: nowMs - HOUR_MS,
    code: '3HTR-8WXY-5Z',
  }),
  redemption('gone', ['五常大米 2kg', 'Wuchang rice 2 kg', 900], {
    atMs: nowMs - 2 * DAY_MS,
    state: 'failed',
    why: 'sold_out',
  }),
  redemption('back', ['5 元无门槛券', '¥5 coupon', 500], {
    atMs: nowMs - 3 * DAY_MS,
    state: 'refunded',
    why: 'viewer',
  }),
]
