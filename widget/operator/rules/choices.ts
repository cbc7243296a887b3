/** What the choices of a rulebook's fields are called. */

import { ACTION_LABELS } from '../../../shared/rulebook/labels.ts'
import type { Lang } from '../../ui/lang.ts'
import { type Name, said } from './labels.ts'
import type { Path } from './path.ts'

/** By field and value, or by value alone. */
const CHOICES: Record<string, Name> = {
  'withEarned.less': ['扣除后再返', 'Less what it earns'],
  'withEarned.beside': ['可同时得', 'Beside it'],
  never: ['不到期', 'Never'],
  rolling: ['获得后满若干月', 'Months after they are given'],
  fixed: ['每年固定月份', 'A month of the year'],
  'renewal.none': ['不续期', 'Never'],
  'renewal.spend': ['每消费 1 元续 1 分', 'Each yuan renews a point'],
  expiresFirst: ['先到期的', 'What expires first'],
  sessionLast: ['长期积分，本场的后用', 'Lasting ones, those of the live last'],
  ownBrandFirst: ['本品牌的', 'Those of the own brand'],
  'scope.brand': ['每个品牌各一个', 'One for each brand'],
  'scope.platform': ['全平台一个', 'One for the whole platform'],
  brand: ['发放它的品牌', 'The brand that gave them'],
  room: ['获得它的直播间', 'The room that gave them'],
  host: ['同一主播的直播间', 'Rooms of the same host'],
  coalition: ['联盟各品牌', 'All brands of the coalition'],
  deny: ['不能转赠', 'Not allowed'],
  allowWithin: ['可以转赠', 'Allowed within limits'],
  product: ['相乘', 'multiplied'],
  sum: ['加成相加', 'extras added'],
  max: ['取最高', 'highest counts'],
  clamp: ['发剩下的', 'Pay what is left'],
  reject: ['发满为止', 'Refuse at the cap'],
  brownout: ['逐步收紧，满了不发', 'Shrink awards, then refuse'],
  'period.year': ['一年', 'A calendar year'],
  'period.rolling': ['最近 365 天', 'The last 365 days'],
  'atCap.refuse': ['这次不发', 'Pay nothing of it'],
  spendable: ['长期积分', 'Lasting points'],
  session: ['仅限本场', 'This live only'],
  continuous: ['连续', 'without a break'],
  cumulative: ['累计', 'in all'],
  beforeMultiplier: ['加倍前', 'before multipliers'],
  afterMultiplier: ['加倍后', 'after multipliers'],
  'links.refuse': ['不计分', 'earn nothing'],
  'links.allow': ['照常计分', 'earn as others'],
  zero: ['0，不欠分', '0, never a debt'],
  take: ['一起收回', 'taken back too'],
  keep: ['留给观众', 'kept'],
  registers: ['注册', 'registers'],
  watches: ['看满时长', 'reaches a watching goal'],
  orders: ['下单', 'orders'],
  client: ['马上', 'at once'],
  hostCueAndOverlay: ['直播间显示，主播念出', 'the room and the host'],
  auto: ['直播间自动显示', 'the room alone'],
  hostApprove: ['主播确认后才显示', 'the host, who approves first'],
  clickThrough: ['被他人点开后', 'when somebody else opens it'],
  server: ['平台确认后', 'when the platform confirms it'],
  burnForEffect: ['全部收回', 'are gone'],
  hostBucket: ['分给主播积分', "go in part to the host's points"],
  off: ['不开放', 'Not on sale'],
  grace: ['没达到会降级', 'may be lost'],
  highWater: ['永不降级', 'is never lost'],
  dayPass: ['当天有效', 'For a day'],
  sky: ['天蓝', 'sky'],
  jade: ['碧玉', 'jade'],
  rose: ['玫红', 'rose'],
  gold: ['鎏金', 'gold'],
  stock: ['存量增长', 'growth of the stock'],
  perCapita: ['人均增长', 'growth per account'],
  stockOverUsers: ['存量增长 / 用户增长', 'growth of the stock by that of users'],
  soft: ['微光', 'soft'],
  bright: ['星光', 'bright'],
  grand: ['荣耀', 'grand'],
  room_price: ['直播间专属价', 'Room-only prices'],
  early_access: ['限量款提前抢购', 'Limited items early'],
  private_room: ['私密专场', 'Private rooms'],
  member_sale: ['会员专属秒杀', "Members' flash sales"],
  member_draw: ['会员专属抽奖', "Members' draws"],
  newcomer_pack: ['新客礼包', 'Newcomer pack'],
  birthday_pack: ['生日礼包', 'Birthday pack'],
  birthday_points: ['生日积分', 'Points on the birthday'],
  day: ['每天', 'Each day'],
  week: ['每周', 'Each week'],
  window: ['只一期，从第一天到最后一天', 'Once, from the first to the last day'],
  once: ['只一次', 'Once'],
  streak: ['连续多天', 'A streak of days'],
  end: ['结束', 'Over'],
  again: ['重新开始', 'Begins again'],
  stay: ['每天照最后一天', 'Every day as the last'],
  perk: ['商家权益', 'A perk of the merchant'],
  comeback_pack: ['回归礼包', 'Welcome-back pack'],
  care_pack: ['专属关怀礼包', 'Care pack'],
  nextVisit: ['下次到来时', 'At the next visit'],
  atOnce: ['立即', 'At once'],
  'often.ever': ['每人一次', 'Once a person'],
  'often.live': ['每场一次', 'Once a live'],
  'figure.daysSinceFirst': ['首次到来至今（天）', 'Days since the first visit'],
  'figure.daysSinceLast': ['多少天没来', 'Days away'],
  'figure.watchedMinutes': ['累计观看（分钟）', 'Minutes watched'],
  'figure.lives': ['看过几场', 'Lives seen'],
  'figure.comments': ['评论数', 'Comments'],
  'figure.shares': ['分享次数', 'Shares'],
  'figure.browses': ['浏览商品数', 'Products opened'],
  'figure.orders': ['订单数', 'Orders'],
  'figure.spentYuan': ['消费（元）', 'Yuan spent'],
  'figure.rung': ['等级（0 是第一级）', 'Tier, 0 is the first'],
  'figure.activeDays': ['最近 14 天活跃天数', 'Active days of the last 14'],
  'figure.change': ['活跃度变化（%）', 'Change of activity, %'],
  'figure.idleMarathons': ['最近 7 天整天挂机天数', 'Days of nothing but watching, of 7'],
}

/** What a choice is called; undefined where it has no name. */
export function choiceName(path: Path, value: string, lang: Lang): string | undefined {
  if (path.at(-1) === 'action' || path.at(-1) === 'ask' || path.at(-2) === 'actions')
    return actionName(value, lang)
  return said(CHOICES[`${path.at(-1)}.${value}`] ?? CHOICES[value], lang)
}

/** Of an action; a newer service may know more of them. */
export const actionName = (action: string, lang: Lang): string | undefined =>
  action in ACTION_LABELS ? ACTION_LABELS[action as keyof typeof ACTION_LABELS][lang] : undefined

export const choiceLabel = (path: Path, value: string, lang: Lang): string =>
  choiceName(path, value, lang) ?? value
