/** What the fields of a rulebook and their choices are called. */

import { ACTION_LABELS } from '../../../shared/rulebook/labels.ts'
import type { Lang } from '../../ui/lang.ts'
import { kindOf, type Path } from './path.ts'

type Name = readonly [zh: string, en: string]

/** By place, or by the end of it: the longest that fits counts. */
const FIELDS: Record<string, Name> = {
  preset: ['模板名', 'Template'],
  note: ['说明', 'Note'],
  pointValueFen: ['1 分抵多少分钱', 'Worth of a point, fen'],
  timeZone: ['时区', 'Time zone'],
  wallet: ['积分', 'Points'],
  'wallet.expiry': ['到期方式', 'Expiry'],
  'wallet.expiry.months': ['有效月数', 'Months valid'],
  'wallet.expiry.month': ['每年几月底到期', 'At the end of month'],
  'wallet.expiry.leastMonths': ['至少有效月数', 'Months at least'],
  'wallet.renewal': ['消费是否续期', 'Spending renews'],
  'wallet.spendOrder': ['扣分顺序', 'Spent first'],
  'wallet.refundGraceMonths': ['退回的过期积分再保留（月）', 'Grace of expired refunds, months'],
  'wallet.noticeDays': ['到期前提醒（天）', 'Notice before expiry, days'],
  'wallet.burnWeek': ['清零周', 'Burn week'],
  'wallet.burnWeek.days': ['到期前最后几天', 'Last days before expiry'],
  'wallet.burnWeek.factor': ['积分价为平时的（%）', 'Price, % of usual'],
  'wallet.pool': ['在哪里能用', 'Where points pay'],
  'wallet.coalition': ['联盟品牌', 'Brands of the coalition'],
  'wallet.coalition.*': ['品牌编号', 'Brand id'],
  'wallet.checkout': ['下单抵扣', 'Paying orders'],
  'wallet.checkout.maxShare': ['最多抵订单的（%）', 'Most of an order, %'],
  'wallet.checkout.minPoints': ['最少用多少分', 'Least points'],
  'wallet.checkout.maxPoints': ['最多用多少分', 'Most points'],
  'wallet.transfer': ['转赠', 'Giving points'],
  'wallet.transfer.dailyCap': ['每人每天最多转出', 'Most given a day'],
  'wallet.transfer.perPairCap': ['每天最多转给同一人', 'Most to the same one a day'],
  'wallet.transfer.minAccountAgeDays': ['注册满几天', 'Days since first visit'],
  'wallet.transfer.minTier': ['等级至少（0 是第一级）', 'Tier at least, 0 is the first'],
  'wallet.transfer.feeBps': ['手续费（%）', 'Fee, %'],
  'wallet.transfer.coolOffHours': ['收到后几小时内不能再转', 'Hours until given on'],
  stacking: ['倍率怎么叠加', 'How multipliers stack'],
  ceiling: ['总倍率最高', 'Highest in all'],
  dailyPoints: ['每人每天互动最多得', 'Most points a person and day'],
  budget: ['每场积分预算', "A live's budget"],
  'budget.points': ['每场最多发多少分', 'Most points of a live'],
  'budget.atCap': ['最后一次不够时', 'When the last award does not fit'],
  earn: ['赚取规则', 'Earn rules'],
  'earn.*': ['规则', 'Rule'],
  'earn.*.action': ['做什么', 'Action'],
  'earn.*.enabled': ['启用', 'Switched on'],
  'earn.*.points': ['得多少积分', 'Points'],
  'earn.*.growth': ['得多少成长值', 'Growth'],
  'earn.*.per': ['每多少次算一次', 'Amount that makes one unit'],
  'earn.*.bucket': ['积分种类', 'Kind of points'],
  'earn.*.goal': ['观看目标', 'Watch goal'],
  'earn.*.goal.mode': ['怎么算', 'How it counts'],
  'earn.*.goal.minutes': ['分钟', 'Minutes'],
  'earn.*.caps': ['次数上限', 'Limits'],
  perMinute: ['每分钟最多', 'Most a minute'],
  perLive: ['每场最多', 'Most a live'],
  perDay: ['每天最多', 'Most a day'],
  ever: ['每人一共最多', 'Most for ever'],
  capPerAward: ['单次最多多少分', 'Most points at once'],
  capStage: ['单次上限算在', 'That limit counts'],
  heat: ['热度', 'Heat'],
  'heat.halfLifeSec': ['多少秒减半', 'Halves every, s'],
  'heat.weights': ['各行为的热度', 'Heat of actions'],
  'heat.perViewer': ['每人 10 秒内最多加', 'Most of one viewer in 10 s'],
  'heat.minActors': ['至少几人参与才升温', 'People it takes'],
  'heat.minDwellSec': ['每级至少保持（秒）', 'A level lasts at least, s'],
  'heat.hysteresis': ['低于起点多少才回落（%）', 'Ends below its start by, %'],
  'heat.levels': ['热度等级', 'Heat levels'],
  'heat.levels.*': ['等级', 'Level'],
  'heat.levels.*.from': ['起点', 'From'],
  'heat.levels.*.label': ['名称', 'Name'],
  'heat.levels.*.factors': ['各行为的倍率', 'Multipliers of actions'],
  ladder: ['等级阶梯', 'Ladder'],
  'ladder.id': ['阶梯编号', 'Id of the ladder'],
  'ladder.rungs': ['等级', 'Tiers'],
  'ladder.rungs.*': ['等级', 'Tier'],
  'rungs.*.growth': ['需要成长值', 'Growth needed'],
  'rungs.*.factor': ['积分倍率', 'Multiplier of points'],
  benefits: ['权益说明', 'Benefits in words'],
  'benefits.*': ['权益说明', 'Benefit'],
  privileges: ['权益', 'Privileges'],
  'privileges.*': ['权益', 'Privilege'],
  'privileges.*.points': ['送多少积分', 'Points'],
  'privileges.*.gifts': ['送什么', 'Gifts'],
  'gifts.*': ['礼品', 'Gift'],
  'gifts.*.id': ['奖品编号', 'Reward id'],
  'privileges.*.factor': ['生日当天倍率', 'Multiplier on the day'],
  'privileges.*.how': ['怎么用', 'How it is used'],
  'privileges.*.link': ['在哪里用（网址）', 'Where it is used'],
  dayPass: ['等级体验也可用', 'Also with a day pass'],
  comment: ['评论', 'Comments'],
  'comment.minLength': ['最短字数', 'Shortest, characters'],
  'comment.maxLength': ['最长字数', 'Longest, characters'],
  'comment.minIntervalMs': ['间隔至少（秒）', 'Seconds between'],
  'comment.links': ['带链接的', 'With links'],
  'comment.blocked': ['屏蔽词', 'Blocked words'],
  'comment.blocked.*': ['屏蔽词', 'Blocked word'],
  attention: ['观看计时', 'Watch clock'],
  'attention.beatSec': ['多少秒计一次', 'Counts every, s'],
  'attention.maxGapSec': ['断开多少秒重新计', 'A gap that breaks it, s'],
  purchase: ['首单与退款', 'First order and refunds'],
  'purchase.firstOrder': ['首单倍率', 'First order'],
  'purchase.refund': ['退款', 'Refunds'],
  'purchase.refund.floor': ['最多扣到', 'Takes down to'],
  'purchase.refund.growth': ['成长值', 'Growth'],
  invite: ['邀请', 'Invites'],
  'invite.due': ['朋友要做什么', 'What the friend does'],
  'invite.due.*': ['步骤', 'Step'],
  'invite.points': ['邀请人得', 'The inviter gets'],
  'invite.growth': ['邀请人得成长值', 'and growth'],
  'invite.invitedPoints': ['朋友得', 'The friend gets'],
  'invite.withinDays': ['多少天内', 'Within days'],
  'invite.newOnly': ['只算新人', 'New people only'],
  'invite.perDay': ['每天最多邀请', 'Most friends a day'],
  shareProof: ['分享什么时候计分', 'When a share counts'],
  profiles: ['直播间类型', 'Kinds of rooms'],
  'profiles.*': ['类型', 'Kind'],
  'profiles.*.factors': ['各行为的权重', 'Weights of actions'],
  'profiles.*.enables': ['另外启用的规则', 'Rules switched on there'],
  'enables.*': ['规则', 'Rule'],
  effects: ['互动', 'Effects'],
  'effects.broadcast': ['全屏广播', 'Broadcast'],
  'broadcast.chars': ['最多字数', 'Longest, characters'],
  'broadcast.waitSec': ['等待多少秒后退回', 'Waits at most, s'],
  'broadcast.waiting': ['每人同时最多几条', 'Waiting of one viewer'],
  'effects.colours': ['弹幕颜色', 'Comment colours'],
  'colours.*': ['颜色', 'Colour'],
  'effects.entrances': ['进场特效', 'Entrances'],
  'entrances.*': ['特效', 'Entrance'],
  'effects.tiers': ['等级自带外观', 'Looks of tiers'],
  'effects.tiers.*': ['外观', 'Look'],
  'tiers.*.rung': ['从哪一级起', 'From tier'],
  'effects.tip': ['打赏主播', 'Tips'],
  'tip.policy': ['打赏的积分', 'What is tipped'],
  'tip.hostShare': ['主播得（%）', "The host's part, %"],
  'tip.amounts': ['可选数额', 'Amounts'],
  'tip.amounts.*': ['数额', 'Amount'],
  'tip.perLive': ['每人每场最多', 'Most of one viewer a live'],
  'effects.draw': ['抽奖和盲盒', 'Draws'],
  'draw.perViewer': ['每人最多加购（张）', 'Most bought tickets of one'],
  'draw.total': ['全场最多（张）', 'Most tickets in all'],
  'draw.prizePoints': ['积分奖品合计最多', 'Most points as prizes'],
  'effects.vote': ['投票', 'Votes'],
  'vote.perViewer': ['每人最多加投', 'Most bought votes of one'],
  'effects.boost': ['等级体验', 'Tier day pass'],
  'boost.maxRungs': ['高几级', 'Rungs higher'],
  colour: ['颜色', 'Colour'],
  entrance: ['特效', 'Entrance'],
  days: ['用几天', 'Days'],
  points: ['积分', 'Points'],
  label: ['名称', 'Name'],
  zh: ['中文', 'Chinese'],
  en: ['英文', 'English'],
  id: ['编号', 'Id'],
  no: ['记录号', 'Number in records'],
  kind: ['种类', 'Kind'],
}

/** By field and value, or by value alone. */
const CHOICES: Record<string, Name> = {
  never: ['不到期', 'Never'],
  rolling: ['获得后满若干月', 'Months after they are given'],
  fixed: ['每年固定月份', 'A month of the year'],
  'renewal.none': ['不续期', 'Never'],
  'renewal.spend': ['每消费 1 元续 1 分', 'Each yuan renews a point'],
  expiresFirst: ['先到期的', 'What expires first'],
  sessionLast: ['长期积分，本场的后用', 'Lasting ones, those of the live last'],
  ownBrandFirst: ['本品牌的', 'Those of the own brand'],
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
  clickThrough: ['被他人点开后', 'when somebody else opens it'],
  server: ['平台确认后', 'when the platform confirms it'],
  burnForEffect: ['全部收回', 'are gone'],
  hostBucket: ['分给主播积分', "go in part to the host's points"],
  off: ['不开放', 'Not on sale'],
  dayPass: ['当天有效', 'For a day'],
  sky: ['天蓝', 'sky'],
  jade: ['碧玉', 'jade'],
  rose: ['玫红', 'rose'],
  gold: ['鎏金', 'gold'],
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
  perk: ['商家权益', 'A perk of the merchant'],
}

const said = (name: Name | undefined, lang: Lang): string | undefined =>
  name?.[lang === 'zh' ? 0 : 1]

/** What a field is called; undefined where it has no name of its own. */
export function fieldName(path: Path, lang: Lang): string | undefined {
  const steps = kindOf(path).split('.')
  for (let i = 0; i < steps.length; i++) {
    const found = FIELDS[steps.slice(i).join('.')]
    if (found) return said(found, lang)
  }
  return undefined
}

export const fieldLabel = (path: Path, lang: Lang): string =>
  fieldName(path, lang) ?? String(path.at(-1))

/** What a choice is called; undefined where it has no name. */
export function choiceName(path: Path, value: string, lang: Lang): string | undefined {
  if (path.at(-1) === 'action') return actionName(value, lang)
  return said(CHOICES[`${path.at(-1)}.${value}`] ?? CHOICES[value], lang)
}

/** Of an action; a newer service may know more of them. */
export const actionName = (action: string, lang: Lang): string | undefined =>
  action in ACTION_LABELS ? ACTION_LABELS[action as keyof typeof ACTION_LABELS][lang] : undefined

export const choiceLabel = (path: Path, value: string, lang: Lang): string =>
  choiceName(path, value, lang) ?? value

/** How many of what is stored are one of what people type. */
const SCALES: Record<string, number> = {
  'wallet.burnWeek.factor': 0.01,
  'wallet.checkout.maxShare': 0.01,
  'wallet.transfer.feeBps': 100,
  'heat.hysteresis': 0.01,
  'comment.minIntervalMs': 1000,
  'effects.tip.hostShare': 0.01,
}
/** Purchases are stored in fen and typed in yuan. */
const FEN = 100

export function scaleOf(path: Path, money: boolean): number {
  const kind = kindOf(path)
  if (money && kind === 'earn.*.per') return FEN
  return SCALES[kind] ?? 1
}
