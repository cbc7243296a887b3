/** Rules as sentences with inputs in them: `每次点赞得 {earn.0.points} 积分`. */

import { ACTION_LABELS, plain } from '../../../shared/rulebook/labels.ts'
import type { EarnRule, Rulebook, Rung } from '../../../shared/rulebook/schema.ts'
import { earnCause } from '../../../shared/rulebook/sentences.ts'
import type { Lang } from '../../ui/lang.ts'
import { choiceLabel } from './choices.ts'
import type { Item } from './items.ts'
import { nameOf, type Path } from './path.ts'

/** Text, or the place of an input. */
export type Part = string | Path

export const partsOf = (text: string): Part[] =>
  text.split(/[{}]/).flatMap((part, i): Part[] => {
    if (i % 2 === 1)
      return [part.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))]
    return part ? [part] : []
  })

interface Books {
  book: Rulebook
  /** In force: what it limits keeps its input while the draft has emptied it. */
  base: Rulebook
  lang: Lang
}

type Say = (zh: string, en: string) => string

/** The sentences of an item, each a line; none where there is only a form. */
export function linesOf(item: Item, books: Books): Part[][] {
  const say: Say = (zh, en) => (books.lang === 'zh' ? zh : en)
  return lines(item, books, say).map(partsOf)
}

function lines(item: Item, books: Books, say: Say): string[] {
  const { book, lang } = books
  const [path = []] = item.paths
  if (path[0] === 'earn') {
    const rule = book.earn[Number(path[1])]
    return rule ? [earnLine(rule, nameOf(path), books)] : []
  }
  if (path[0] === 'ladder' && path[1] === 'rungs')
    return [rungLine(nameOf(path), book.ladder.rungs[Number(path[2])], say)]
  if (item.off) return []
  switch (item.id) {
    case 'levels':
      return book.heat.levels.map(({ label }, i) =>
        say(
          `${i} 级「${label[lang]}」：热度 {heat.levels.${i}.from} 起`,
          `Level ${i}, ${label[lang]}: from heat {heat.levels.${i}.from}`,
        ),
      )
    case 'colours':
      return book.effects.colours.map(({ colour }, i) =>
        lookLine(`colours.${i}`, choiceLabel(['colour'], colour, lang), say),
      )
    case 'entrances':
      return book.effects.entrances.map(({ entrance }, i) =>
        lookLine(`entrances.${i}`, choiceLabel(['entrance'], entrance, lang), say),
      )
    case 'expiry':
      return [expiryLine(book, say)]
    case 'transfer':
      return book.wallet.transfer.kind === 'deny' ? [] : [say(...TRANSFER)]
    case 'boost':
      return book.effects.boost.kind === 'off' ? [] : [say(...BOOST)]
    case 'demotion':
      return book.demotion.kind === 'highWater' ? [] : [say(...DEMOTION)]
    case 'value':
      return [valueLine(book, say)]
    default: {
      const found = SENTENCES[item.id]
      return found ? [say(...found)] : []
    }
  }
}

type Both = readonly [zh: string, en: string]

const SENTENCES: Record<string, Both> = {
  share: ['分享{shareProof}计分', 'A share counts {shareProof}'],
  announcement: ['升级公布方式：{announcement}', 'A new tier is told to {announcement}'],
  purchase: [
    '首单消费积分 × {purchase.firstOrder}，不满 {purchase.leastOrderFen} 元不算下单，退款收回该订单所得的积分，成长值{purchase.refund.growth}',
    'The first purchase earns × {purchase.firstOrder}; below {purchase.leastOrderFen} yuan it does not count as an order; a refund takes back the points of the order, its growth is {purchase.refund.growth}',
  ],
  invite: [
    '邀请一位朋友得 {invite.points} 积分，朋友在 {invite.withinDays} 天内完成后到账；朋友另得 {invite.invitedPoints} 积分；每天最多邀请 {invite.perDay} 位，一共 {invite.perLife} 位',
    'An invited friend brings {invite.points} points, due when all is done within {invite.withinDays} days; the friend gets {invite.invitedPoints}; at most {invite.perDay} friends a day and {invite.perLife} in all',
  ],
  club: [
    '粉丝团成员每团每天最多得 {fanClub.perDay} 团成长值，一人最多加入 {fanClub.clubs} 个团，加入花 {fanClub.joinPoints} 积分；一位主播一天写的任务最多发 {fanClub.taskPoints} 积分',
    'Members gather at most {fanClub.perDay} club growth a club and day, are in at most {fanClub.clubs} clubs, joining costs {fanClub.joinPoints} points; tasks that a host writes in a day pay at most {fanClub.taskPoints} points',
  ],
  stacking: [
    '热度、活动、等级和个人倍率{stacking}，最高 × {ceiling}',
    'Multipliers of heat, campaign, tier and person are {stacking}, at most × {ceiling}',
  ],
  heat: [
    '热度每 {heat.halfLifeSec} 秒减半，每人 10 秒内最多加 {heat.perViewer}；至少 {heat.minActors} 人参与才会升温；每一级至少保持 {heat.minDwellSec} 秒，低于起点 {heat.hysteresis}% 才会回落',
    'Heat halves every {heat.halfLifeSec} s; one viewer adds at most {heat.perViewer} in 10 s; it takes {heat.minActors} people; a level lasts at least {heat.minDwellSec} s and ends {heat.hysteresis}% below where it began',
  ],
  daily: [
    '互动每人每天最多得 {dailyPoints} 积分',
    'What a viewer does earns at most {dailyPoints} points a day',
  ],
  issuance: [
    '平台发放的积分，总价值不超过销售额的 {issuance.ratio}%，{issuance.period}计算；{issuance.atCap}',
    'All points issued are worth at most {issuance.ratio}% of sales, by {issuance.period}; {issuance.atCap}',
  ],
  budget: [
    '每场直播的互动最多发 {budget.points} 积分；最后一次不够时，{budget.atCap}',
    'A live pays at most {budget.points} points for what viewers do; when the last award does not fit: {budget.atCap}',
  ],
  burn: [
    '到期前最后 {wallet.burnWeek.days} 天开放专属奖励，积分价为平时的 {wallet.burnWeek.factor}%',
    'Rewards of their own open in the last {wallet.burnWeek.days} days before points expire, for {wallet.burnWeek.factor}% of their usual points',
  ],
  spend: [
    '扣分时先用{wallet.spendOrder}；积分可在{wallet.pool}使用',
    'Spent first: {wallet.spendOrder}; points pay at: {wallet.pool}',
  ],
  checkout: [
    '下单可用 {wallet.checkout.minPoints} 到 {wallet.checkout.maxPoints} 积分抵扣，最多抵订单的 {wallet.checkout.maxShare}%',
    'An order takes {wallet.checkout.minPoints} to {wallet.checkout.maxPoints} points, for at most {wallet.checkout.maxShare}% of it',
  ],
  redemption: [
    '兑换奖品按标价的 {redemption.factor} 倍扣积分，下单抵扣也按这个比例',
    'Rewards cost {redemption.factor} times their listed points; points pay at checkout by the same ratio',
  ],
  comments: [
    '有效评论有 {comment.minLength} 到 {comment.maxLength} 个字，和上一条至少隔 {comment.minIntervalMs} 秒；带链接的{comment.links}；获 {comment.likes} 位其他观众点赞即为优质评论',
    'A valid comment has {comment.minLength} to {comment.maxLength} characters and comes {comment.minIntervalMs} s or more after the last; those with links {comment.links}; {comment.likes} likes of others make a top comment',
  ],
  watching: [
    '观看每 {attention.beatSec} 秒计一次，断开超过 {attention.maxGapSec} 秒重新计连续时间',
    'Watching counts every {attention.beatSec} s; a gap over {attention.maxGapSec} s breaks it',
  ],
  broadcast: [
    '全屏广播每次 {effects.broadcast.points} 积分，最多 {effects.broadcast.chars} 个字；{effects.broadcast.waitSec} 秒内主播没有处理就退回；每人同时最多 {effects.broadcast.waiting} 条等待',
    'A broadcast costs {effects.broadcast.points} points and has up to {effects.broadcast.chars} characters; after {effects.broadcast.waitSec} s without the host the points go back; {effects.broadcast.waiting} of one viewer may wait',
  ],
  tip: [
    '打赏的积分{effects.tip.policy}，主播得 {effects.tip.hostShare}%；每人每场最多 {effects.tip.perLive} 积分',
    'Tipped points {effects.tip.policy}, {effects.tip.hostShare}% where the host has a part; at most {effects.tip.perLive} of one viewer in a live',
  ],
  draw: [
    '每人每天免费 1 次，加购每张 {effects.draw.points} 积分、最多 {effects.draw.perViewer} 张；全场最多 {effects.draw.total} 张，积分奖品合计最多 {effects.draw.prizePoints}',
    'One free entry a day, further tickets {effects.draw.points} points each and at most {effects.draw.perViewer}; {effects.draw.total} tickets in all, prizes of at most {effects.draw.prizePoints} points',
  ],
  vote: [
    '免费 1 票，加投每票 {effects.vote.points} 积分、最多 {effects.vote.perViewer} 票',
    'One vote is free, further ones {effects.vote.points} points each and at most {effects.vote.perViewer}',
  ],
  calendar: ['每天从 0 点算起，时区 {timeZone}', 'A day begins at midnight, time zone {timeZone}'],
}

const TRANSFER: Both = [
  '每人每天最多转出 {wallet.transfer.dailyCap} 积分，给同一个人最多 {wallet.transfer.perPairCap}',
  'One gives at most {wallet.transfer.dailyCap} points a day, and {wallet.transfer.perPairCap} to the same friend',
]

const DEMOTION: Both = [
  '每 {demotion.windowDays} 天要得到等级所需成长值的 {demotion.share}%；没达到的提前 {demotion.warnDays} 天提醒，到期降一级',
  '{demotion.share}% of what a tier needs is asked every {demotion.windowDays} days; who misses it is told {demotion.warnDays} days before and falls one tier',
]

const BOOST: Both = [
  '{effects.boost.points} 积分，当天 24 点前享受高一级的倍率和权益',
  '{effects.boost.points} points for what one rung higher pays and gives, until midnight',
]

const lookLine = (at: string, name: string, say: Say): string => {
  return say(
    `${name}：{effects.${at}.points} 积分用 {effects.${at}.days} 天`,
    `${name}: {effects.${at}.points} points for {effects.${at}.days} days`,
  )
}

function rungLine(at: string, rung: Rung | undefined, say: Say): string {
  if (rung?.growth === 0)
    return say(`第一级，积分 × {${at}.factor}`, `The first tier; points × {${at}.factor}`)
  const tasks = rung?.taskSet?.length
  const ways = [
    ...(rung?.growth === undefined
      ? []
      : [say(`成长值满 {${at}.growth}`, `{${at}.growth} growth`)]),
    ...(rung?.lifetimePoints === undefined
      ? []
      : [say(`累计得过 {${at}.lifetimePoints} 积分`, `{${at}.lifetimePoints} points ever earned`)]),
    ...(tasks ? [say(`完成 ${tasks} 个任务`, `${tasks} quests`)] : []),
  ]
  return say(
    `${ways.join('，或')}升到这一级，积分 × {${at}.factor}`,
    `Reached with ${ways.join(', or ')}; points × {${at}.factor}`,
  )
}

function expiryLine({ wallet }: Rulebook, say: Say): string {
  const notice = say('到期前 {wallet.noticeDays} 天提醒', 'notice {wallet.noticeDays} days before')
  switch (wallet.expiry.kind) {
    case 'rolling':
      return say(
        `积分有效 {wallet.expiry.months} 个月，到月底为止；${notice}`,
        `Points are valid for {wallet.expiry.months} months, then to the end of the month; ${notice}`,
      )
    case 'fixed':
      return say(
        `积分每年 {wallet.expiry.month} 月底到期，至少有效 {wallet.expiry.leastMonths} 个月；${notice}`,
        `Points expire at the end of month {wallet.expiry.month}, after {wallet.expiry.leastMonths} months at the earliest; ${notice}`,
      )
    default:
      return say('积分长期有效', 'Points do not expire')
  }
}

function valueLine({ pointValueFen }: Rulebook, say: Say): string {
  const yuan = plain(Number(pointValueFen))
  return say(
    `1 积分抵 {pointValueFen} 分钱，100 积分就是 ${yuan} 元`,
    `A point is worth {pointValueFen} fen; 100 points are ${yuan} yuan`,
  )
}

const CAPS = [
  ['perMinute', '每分钟', 'a minute'],
  ['perLive', '每场', 'a live'],
  ['perDay', '每天', 'a day'],
  ['ever', '一共', 'in all'],
] as const

function earnLine(rule: EarnRule, at: string, { base, lang }: Books): string {
  const before = base.earn.find(({ id }) => id === rule.id)
  const zh = lang === 'zh'
  const measure = zh ? (ACTION_LABELS[rule.action]?.measure ?? '次') : ''
  const caps = CAPS.flatMap(([cap, inZh, inEn]) => {
    if (rule.caps?.[cap] === undefined && before?.caps[cap] === undefined) return []
    const input = `{${at}.caps.${cap}}`
    return [zh ? `${inZh} ${input} ${measure}` : `${input} ${inEn}`]
  })
  const growth = rule.growth !== 0 || (before !== undefined && before.growth !== 0)
  const most = rule.capPerAward !== undefined || before?.capPerAward !== undefined
  if (zh)
    return [
      `${causeText(rule, at, lang)}得 {${at}.points} 积分${growth ? `和 {${at}.growth} 成长值` : ''}`,
      ...(caps.length ? [`最多${caps.join('、')}`] : []),
      ...(most ? [`单次最多 {${at}.capPerAward} 积分`] : []),
    ].join('，')
  return [
    `${causeText(rule, at, lang)} {${at}.points} points${growth ? ` and {${at}.growth} growth` : ''}`,
    ...(caps.length ? [`at most ${caps.join(' and ')}`] : []),
    ...(most ? [`at most {${at}.capPerAward} points at once`] : []),
  ].join(', ')
}

/** What has to be done, with its numbers as inputs. */
function causeText(rule: EarnRule, at: string, lang: Lang): string {
  const zh = lang === 'zh'
  if (rule.goal)
    return zh
      ? `每{${at}.goal.mode}看满 {${at}.goal.minutes} 分钟`
      : `Every {${at}.goal.minutes} minutes of watching {${at}.goal.mode} earn`
  if (rule.action === 'purchase')
    return zh ? `每消费 {${at}.per} 元` : `Every {${at}.per} yuan spent earn`
  const { measure, zh: name, many } = ACTION_LABELS[rule.action]
  if (rule.per !== 1)
    return zh ? `每 {${at}.per} ${measure}${name}` : `Every {${at}.per} ${many} earn`
  const { what } = earnCause(rule, lang)
  return zh ? what : `${what} earns`
}
