/** A small catalogue for the demo: one reward of each kind, priced so that a point is worth a fen. */

import { halfAndHalf } from '../../shared/rewards.ts'
import type { Store } from '../redis/index.ts'
import { publishReward, putPoint, readCatalogue } from './catalogue.ts'
import type { PointDoc, RewardInput } from './schema.ts'

/** Where the demo's clerk stands. */
export const DEMO_POINT = 'demo-market'

const POINTS: readonly Omit<PointDoc, 'brand'>[] = [
  {
    id: DEMO_POINT,
    name: { zh: '菜市口自提点', en: 'Market pick-up' },
    address: { zh: '菜市口大街 1 号', en: '1 Market Street' },
    position: { lat: 30.274, lon: 120.155 },
  },
  {
    id: 'demo-north',
    name: { zh: '北门自提点', en: 'North gate pick-up' },
    address: { zh: '北门小区 8 栋', en: 'North Gate, block 8' },
    position: { lat: 30.291, lon: 120.163 },
  },
]

/** What the oil costs elsewhere. */
const OIL_FEN = 3580

const REWARDS: Readonly<Record<string, RewardInput>> = {
  oatmeal: {
    title: { zh: '燕麦片 1 公斤', en: 'Oatmeal, 1 kg' },
    note: { zh: '次日到自提点取', en: 'At the pick-up point tomorrow' },
    kind: 'item',
    points: 1850,
    worthFen: 1990,
    stock: { kind: 'fixed', pieces: 50 },
    lowStock: 10,
    limits: { perWeek: 2 },
    delivery: 'pickup',
    pickup: ['demo-market', 'demo-north'],
  },
  eggs: {
    title: { zh: '鲜鸡蛋 10 枚', en: 'Ten fresh eggs' },
    note: { zh: '直播最后 5 分钟开抢', en: 'In the last five minutes of a live' },
    kind: 'item',
    points: 888,
    worthFen: 1290,
    stock: { kind: 'fixed', pieces: 30 },
    lowStock: 5,
    flash: { lastMinutes: 5 },
    limits: { perDay: 1 },
    delivery: 'pickup',
    pickup: ['demo-market'],
  },
  coupon10: {
    title: { zh: '10 元优惠券', en: '10 yuan coupon' },
    note: { zh: '满 59 元可用', en: 'For orders from 59 yuan' },
    kind: 'coupon',
    points: 500,
    worthFen: 1000,
    limits: { perDay: 1 },
    delivery: 'code',
  },
  oil: {
    title: { zh: '山茶油 500 毫升', en: 'Camellia oil, 500 ml' },
    note: { zh: '一半积分，一半现金', en: 'Half points, half cash' },
    kind: 'item',
    points: halfAndHalf(OIL_FEN, 1).points,
    cashFen: halfAndHalf(OIL_FEN, 1).cashFen,
    worthFen: OIL_FEN,
    stock: { kind: 'fixed', pieces: 20 },
    lowStock: 3,
    delivery: 'pickup',
    pickup: ['demo-market', 'demo-north'],
    member: { cashFen: 1290 },
  },
  spice: {
    title: { zh: '本场香料包', en: 'Spice bag of this live' },
    note: { zh: '只收本场积分', en: 'For points of this live only' },
    kind: 'item',
    points: 120,
    worthFen: 150,
    pay: 'session',
    stock: { kind: 'fixed', pieces: 200 },
    limits: { perDay: 1 },
  },
  recipe: {
    title: { zh: '主播私房菜谱', en: "The host's own recipes" },
    note: { zh: '看满 3 场直播解锁', en: 'Unlocks after three lives' },
    kind: 'content',
    points: 300,
    worthFen: 300,
    lives: 3,
    limits: { ever: 1 },
    link: '/demo',
    cancelWithinMin: 0,
  },
  apron: {
    title: { zh: '限量围裙', en: 'Limited apron' },
    note: { zh: '每周一放出 20 条', en: 'Twenty each Monday' },
    kind: 'item',
    points: 3000,
    worthFen: 3900,
    stock: { kind: 'weekly', pieces: 20 },
    lowStock: 4,
    limits: { ever: 1 },
    delivery: 'pickup',
    pickup: ['demo-north'],
  },
  kitchen: {
    title: { zh: '会员厨房之夜', en: "Members' kitchen night" },
    note: { zh: '高等级会员专享', en: 'For members of a high tier' },
    kind: 'access',
    points: 10_000,
    worthFen: 12_000,
    tier: 3,
    stock: { kind: 'weekly', pieces: 8 },
    limits: { perWeek: 1 },
    delivery: 'code',
  },
}

/** Puts the demo's rewards into an empty place; what is there stays as somebody has changed it. */
export async function seedRewards(
  store: Store,
  of: { brand: string; brandNo: number; timeZone: string },
): Promise<void> {
  const known = await readCatalogue(store)
  for (const point of POINTS)
    if (!known.points.has(point.id)) await putPoint(store, { ...point, brand: of.brand })
  for (const [id, doc] of Object.entries(REWARDS))
    if (!known.rewards.has(id)) await publishReward(store, { ...of, id, by: 'demo', doc })
}
