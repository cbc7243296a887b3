/** A rulebook as sentences that viewers can read: published in the overlay, edited and compared in consoles. */

import type { Action } from '../receipt.ts'
import { announcementSentence } from './announcement.ts'
import { boardSentence } from './board-sentences.ts'
import { budgetSentence } from './budget.ts'
import { cashbackSentence } from './cashback-sentence.ts'
import { demotionSentences } from './demotion-sentences.ts'
import { economySentences } from './economy-sentences.ts'
import { effectSentences } from './effect-sentences.ts'
import { factorsText } from './factors-text.ts'
import { fanClubSentences } from './fan-club-sentences.ts'
import { greetingSentence } from './greeting-sentence.ts'
import { inviteSentence } from './invite-sentences.ts'
import { alarmSentence, issuanceSentence } from './issuance-levels.ts'
import { keyMomentSentence } from './key-moment-sentence.ts'
import {
  ACTION_LABELS,
  growthOf,
  type Lang,
  listed,
  plain,
  pointsOf,
  timesOf,
  unitsOf,
} from './labels.ts'
import { privilegeSentences, rungGives } from './privileges.ts'
import { questSentence } from './quest-sentences.ts'
import { noticeSentence, redemptionSentence } from './redemption-sentences.ts'
import type { EarnRule, HeatLevel, Label, RoomProfile, Rulebook, Rung } from './schema.ts'
import { targetingSentences } from './targeting-sentences.ts'
import { teamTaskSentence } from './team-task-sentences.ts'
import { expirySentence, walletSentences } from './wallet-sentences.ts'
import { warnings } from './warnings.ts'
import { wayText } from './ways.ts'

export const TOPICS = {
  earn: { zh: '怎么得积分', en: 'How to earn' },
  quest: { zh: '任务', en: 'Quests' },
  team: { zh: '组队任务', en: 'Team tasks' },
  board: { zh: '周榜', en: 'Weekly boards' },
  limit: { zh: '上限与时间', en: 'Limits and time' },
  wallet: { zh: '积分怎么用', en: 'Spending and keeping points' },
  rate: { zh: '倍率', en: 'Multipliers' },
  heat: { zh: '直播间热度', en: 'Room heat' },
  room: { zh: '不同直播间', en: 'Kinds of rooms' },
  tier: { zh: '会员等级', en: 'Tiers' },
  club: { zh: '粉丝团', en: 'Fan clubs' },
  comment: { zh: '评论与观看', en: 'Comments and watching' },
  effects: { zh: '积分能换的互动', en: 'What points buy in the room' },
  economy: { zh: '积分稳定', en: 'Keeping points worth something' },
  offers: { zh: '专属奖励', en: 'Offers and packs' },
} as const satisfies Record<string, Record<Lang, string>>
export type Topic = keyof typeof TOPICS

export interface Sentence {
  topic: Topic
  /** Says the same thing in every version and language, so that two books can be compared. */
  key: string
  text: string
}

/**
 * Everything a book says, in reading order. With `profile` (id of a room profile) only that kind of room is
 * mentioned, else all. Rules that are switched off say nothing.
 */
export function sentences(book: Rulebook, lang: Lang, profile?: string): Sentence[] {
  const all: Sentence[] = []
  const add = (topic: Topic, key: string, text: string | undefined) => {
    if (text) all.push({ topic, key: `${topic}.${key}`, text })
  }
  for (const rule of book.earn) if (rule.enabled) add('earn', rule.id, earnSentence(rule, lang))
  add('earn', 'top-comment', topCommentSentence(book, lang))
  add('earn', 'share-proof', shareSentence(book, lang))
  for (const [key, text] of purchaseSentences(book, lang)) add('earn', key, text)
  add('earn', 'cashback', cashbackSentence(book.cashback, lang))
  add('earn', 'invited', inviteSentence(book.invite, lang))
  for (const quest of book.quests)
    if (quest.enabled) add('quest', quest.id, questSentence(quest, book, lang))
  for (const task of book.teamTasks)
    if (task.enabled) add('team', task.id, teamTaskSentence(task, lang))
  for (const board of book.boards) add('board', board.id, boardSentence(board, lang))
  for (const [key, text] of limitSentences(book, lang)) add('limit', key, text)
  for (const { code, text } of warnings(book)) add('limit', code, text[lang])
  add('limit', 'issuance', issuanceSentence(book.issuance, lang))
  add('limit', 'issuance_alarm', alarmSentence(book, lang))
  add('limit', 'budget', budgetSentence(book.budget, lang))
  for (const [key, text] of walletSentences(book, lang)) add('wallet', key, text)
  add('wallet', 'redemption', redemptionSentence(book, lang))
  add('wallet', 'worth', noticeSentence(book, lang))
  add('rate', 'stacking', stackingSentence(book, lang))
  for (const one of book.keyMoments) add('rate', `moment_${one.id}`, keyMomentSentence(one, lang))
  for (const [key, text] of heatSentences(book, lang)) add('heat', key, text)
  book.heat.levels.forEach((level, i) => {
    add('heat', `level_${i}`, levelSentence(i, level, lang))
  })
  for (const kind of book.profiles) {
    if (profile === undefined || profile === kind.id)
      add('room', kind.id, profileSentence(kind, book.earn, lang))
  }
  book.ladder.rungs.forEach((rung, i) => {
    add('tier', rung.id, rungSentence(rung, rungGives(book.ladder, i), { book, lang }))
  })
  for (const [key, text] of demotionSentences(book, lang)) add('tier', key, text)
  add('tier', 'announcement', announcementSentence(book.announcement, lang))
  add('tier', 'greeting', greetingSentence(book, lang))
  for (const [key, text] of privilegeSentences(book.ladder, lang)) add('tier', key, text)
  for (const [key, text] of fanClubSentences(book, lang)) add('club', key, text)
  add('comment', 'gate', commentSentence(book, lang))
  add('comment', 'watch', watchSentence(book, lang))
  for (const [key, text] of effectSentences(book, lang)) add('effects', key, text)
  for (const [key, text] of economySentences(book, lang)) add('economy', key, text)
  for (const [key, text] of targetingSentences(book.targeting, lang, book.ladder.rungs))
    add('offers', key, text)
  return all
}

/** "Every like earns 1 point, at most 20 a minute and 200 a day", "每次点赞得 1 积分，最多每分钟 20 次、每天 200 次". */
export function earnSentence(rule: EarnRule, lang: Lang): string {
  const outputs: string[] = []
  if (rule.points > 0) {
    const only = rule.bucket === 'session'
    const points = pointsOf(rule.points, lang)
    outputs.push(
      lang === 'zh'
        ? `${points}${only ? '（仅限本场）' : ''}`
        : points + (only ? ' for this live' : ''),
    )
  }
  if (rule.growth > 0) outputs.push(growthOf(rule.growth, lang))
  const caps = capParts(rule, lang)
  const { what, plural } = earnCause(rule, lang)
  if (lang === 'zh') {
    const pays = outputs.length ? `得 ${outputs.join('和 ')}` : '不计积分'
    return [`${what}${pays}`, ...caps].join('，')
  }
  const verb = plural ? 'earn' : 'earns'
  const pays = outputs.length ? listed(outputs, 'en') : 'nothing'
  return [`${what} ${verb} ${pays}`, ...caps].join(', ')
}

/** Where measure word and name alone make no good Chinese. */
const CAUSE_ZH: Partial<Record<Action, string>> = {
  join: '每次参与秒杀、抽奖或红包',
  invite: '每邀请一位好友',
  register: '完成注册',
  order: '每完成一笔付款订单',
  task: '每完成一个任务',
}

/** What has to be done for one unit. */
export function earnCause(rule: EarnRule, lang: Lang): { what: string; plural: boolean } {
  const { action, goal } = rule
  if (goal) {
    const minutes = plain(goal.minutes)
    const unbroken = goal.mode === 'continuous'
    if (lang === 'zh')
      return { what: `每${unbroken ? '连续' : '累计'}看满 ${minutes} 分钟`, plural: false }
    const span = goal.minutes === 1 ? 'minute' : `${minutes} minutes`
    return {
      what: `Every ${span} of watching${unbroken ? ' without a break' : ' in all'}`,
      plural: goal.minutes !== 1,
    }
  }
  // Purchases come in fen, all others one by one.
  const amount = action === 'purchase' ? rule.per / 100 : rule.per
  const { zh, measure, one, many } = ACTION_LABELS[action]
  if (lang === 'en')
    return amount === 1
      ? { what: `Every ${one}`, plural: false }
      : { what: `Every ${plain(amount)} ${many}`, plural: true }
  const own = amount === 1 ? CAUSE_ZH[action] : undefined
  if (own) return { what: own, plural: false }
  if (action === 'purchase') return { what: `每消费 ${plain(amount)} 元`, plural: false }
  return { what: `每${amount === 1 ? '' : ` ${plain(amount)} `}${measure}${zh}`, plural: false }
}

/** "at most 20 a minute and 200 a day", then what one award may pay. */
function capParts(rule: EarnRule, lang: Lang): string[] {
  const { caps, action, capPerAward } = rule
  const parts: string[] = []
  if (caps.ever === 1) parts.push(lang === 'zh' ? '每人一次' : 'once per person')
  const periods: [n: number | undefined, zh: string, en: string][] = [
    [caps.perMinute, '每分钟', 'a minute'],
    [caps.perLive, '每场', 'a live'],
    [caps.perDay, '每天', 'a day'],
    [caps.ever === 1 ? undefined : caps.ever, '一共', 'in all'],
  ]
  const limits = periods.flatMap(([n, zh, en]) => {
    if (n === undefined) return []
    return [lang === 'zh' ? `${zh} ${unitsOf(action, n, 'zh')}` : `${plain(n)} ${en}`]
  })
  if (limits.length) parts.push(`${lang === 'zh' ? '最多' : 'at most '}${listed(limits, lang)}`)
  if (capPerAward !== undefined) {
    const before = rule.capStage === 'beforeMultiplier'
    parts.push(
      lang === 'zh'
        ? `单次最多 ${pointsOf(capPerAward, lang)}${before ? '（加倍前）' : ''}`
        : `at most ${pointsOf(capPerAward, lang)} at once${before ? ' before multipliers' : ''}`,
    )
  }
  return parts
}

function levelSentence(i: number, level: HeatLevel, lang: Lang): string {
  const factors = factorsText(level.factors, lang)
  const from = plain(level.from)
  return lang === 'zh'
    ? `热度 ${i} 级「${level.label.zh}」（${from} 起）：${factors || '不加倍'}`
    : `Heat ${i}, ${level.label.en} (from ${from}): ${factors || 'no bonus'}`
}

function profileSentence(kind: RoomProfile, earn: readonly EarnRule[], lang: Lang): string {
  const parts = earn
    .filter((rule) => kind.enables.includes(rule.id))
    .map((rule) => earnSentence(rule, lang))
  const factors = factorsText(kind.factors, lang)
  if (factors) parts.unshift(factors)
  return lang === 'zh'
    ? `「${kind.label.zh}」直播间：${parts.join('；') || '不加倍'}`
    : `${kind.label.en} rooms: ${parts.join('; ') || 'no bonus'}`
}

/** What the first order brings, and what a refund takes. */
function purchaseSentences(
  { purchase, earn }: Rulebook,
  lang: Lang,
): [key: string, text: string | undefined][] {
  const { firstOrder, leastOrderFen, refund } = purchase
  if (!earn.some((rule) => rule.action === 'purchase' && rule.enabled)) return []
  const times = timesOf(firstOrder * 1000)
  const growth = refund.growth === 'take'
  const first = lang === 'zh' ? `首单消费积分 ${times}` : `The first purchase earns ${times}`
  const back =
    lang === 'zh'
      ? `退款收回该订单所得积分${growth ? '和成长值' : ''}，最多扣到 0`
      : `A refund takes back the points${growth ? ' and growth' : ''} of the order, never below 0`
  const yuan = plain(leastOrderFen / 100)
  const least =
    lang === 'zh'
      ? `不满 ${yuan} 元的订单只按金额计，不算下单`
      : `Below ${yuan} yuan a purchase does not count as an order`
  return [
    ['first-order', firstOrder > 1 ? first : undefined],
    ['least-order', leastOrderFen > 0 ? least : undefined],
    ['refund', back],
  ]
}

function rungSentence(
  rung: Rung,
  labels: readonly Label[],
  { book, lang }: { book: Rulebook; lang: Lang },
): string {
  const gives = labels.map((label) => label[lang])
  if (rung.factor !== 1)
    gives.unshift(`${lang === 'zh' ? '积分 ' : 'points '}${timesOf(rung.factor * 1000)}`)
  const from = wayText(rung, book, lang)
  if (lang === 'zh')
    return `${rung.label.zh}：${from}${gives.length ? `，${gives.join('、')}` : ''}`
  return `${rung.label.en}: ${from}${gives.length ? `, ${gives.join(', ')}` : ''}`
}

function heatSentences({ heat }: Rulebook, lang: Lang): [key: string, text: string][] {
  const weights = (Object.entries(heat.weights) as [Action, number][])
    .filter(([, weight]) => weight > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([action, weight]) => {
      const { zh, en } = ACTION_LABELS[action]
      return `${lang === 'zh' ? zh : en.toLowerCase()} ${plain(weight)}`
    })
  // A room of one level has nothing to rise to.
  if (heat.levels.length === 1) return []
  const drop = plain(heat.hysteresis * 100)
  return lang === 'zh'
    ? [
        ['sources', `热度来自：${listed(weights, lang)}`],
        ['decay', `热度每 ${heat.halfLifeSec} 秒减半，每人 10 秒内最多加 ${plain(heat.perViewer)}`],
        ['actors', `至少 ${heat.minActors} 人参与才会升温`],
        ['dwell', `每一级至少保持 ${heat.minDwellSec} 秒，低于起点 ${drop}% 才会回落`],
      ]
    : [
        ['sources', `Heat comes from: ${weights.join(', ')}`],
        [
          'decay',
          `Heat halves every ${heat.halfLifeSec} s; one viewer adds at most ${plain(heat.perViewer)} in 10 s`,
        ],
        ['actors', `It takes ${heat.minActors} people to heat the room`],
        [
          'dwell',
          `A level lasts at least ${heat.minDwellSec} s and ends ${drop}% below where it began`,
        ],
      ]
}

function limitSentences(book: Rulebook, lang: Lang): [key: string, text: string | undefined][] {
  const { pointValueFen: fen, timeZone, dailyPoints, wallet } = book
  // As many points as make a round sum: 100 points are 1 yuan.
  const amount = 100 % fen === 0 ? 100 / fen : 100
  const yuan = plain((amount * fen) / 100)
  const daily = dailyPoints === undefined ? undefined : pointsOf(dailyPoints, lang)
  return lang === 'zh'
    ? [
        ['value', `${pointsOf(amount, lang)} = ${yuan} 元`],
        ['expiry', expirySentence(wallet.expiry, lang)],
        ['daily', daily && `互动每天最多得 ${daily}`],
        ['day', `每天从 0 点算起（${timeZone}）`],
      ]
    : [
        ['value', `${pointsOf(amount, lang)} = ${yuan} yuan`],
        ['expiry', expirySentence(wallet.expiry, lang)],
        ['daily', daily && `What you do in rooms earns at most ${daily} a day`],
        ['day', `A day begins at midnight, ${timeZone}`],
      ]
}

function stackingSentence({ stacking, ceiling }: Rulebook, lang: Lang): string {
  const most = timesOf(ceiling * 1000)
  switch (stacking) {
    case 'product':
      return lang === 'zh'
        ? `热度、活动、等级和个人倍率相乘，最高 ${most}`
        : `Heat, campaign, tier and personal multipliers are multiplied, at most ${most}`
    case 'sum':
      return lang === 'zh'
        ? `热度、活动、等级和个人加成相加，最高 ${most}`
        : `The extras of heat, campaign, tier and person are added, at most ${most}`
    case 'max':
      return lang === 'zh'
        ? `热度、活动、等级和个人倍率取最高一项，最高 ${most}`
        : `The highest of heat, campaign, tier and personal multiplier counts, at most ${most}`
    default:
      stacking satisfies never
      return ''
  }
}

function shareSentence({ shareProof, earn }: Rulebook, lang: Lang): string | undefined {
  if (!earn.some((rule) => rule.enabled && rule.action === 'share')) return undefined
  switch (shareProof) {
    case 'client':
      return lang === 'zh' ? '分享后马上计分' : 'A share counts at once'
    case 'clickThrough':
      return lang === 'zh' ? '分享被他人点开后计分' : 'A share counts when somebody else opens it'
    case 'server':
      return lang === 'zh' ? '分享经平台确认后计分' : 'A share counts when the platform confirms it'
    default:
      shareProof satisfies never
      return undefined
  }
}

/** Who says that a comment is a good one. */
function topCommentSentence(
  { earn, comment: { likes } }: Rulebook,
  lang: Lang,
): string | undefined {
  if (!earn.some((rule) => rule.enabled && rule.action === 'spotlight')) return undefined
  if (lang === 'zh')
    return likes > 0
      ? `优质评论：被主播点名，或获 ${likes} 位其他观众点赞`
      : '优质评论：被主播点名的评论'
  const others = likes === 1 ? '1 other viewer likes' : `${likes} other viewers like`
  return `A top comment is one that the host picks${likes > 0 ? `, or that ${others}` : ''}`
}

function commentSentence({ comment }: Rulebook, lang: Lang): string {
  const { minLength, maxLength, links, blocked } = comment
  const gap = plain(comment.minIntervalMs / 1000)
  const clean = links === 'refuse'
  if (lang === 'zh') {
    const not = listed(
      ['重复', ...(clean ? ['带链接'] : []), ...(blocked.length ? ['含屏蔽词'] : [])],
      lang,
    )
    return `有效评论：${minLength} 到 ${maxLength} 个字，间隔至少 ${gap} 秒；${not}的不计`
  }
  const not = ['repeats', ...(clean ? ['links'] : []), ...(blocked.length ? ['blocked words'] : [])]
  return `A valid comment has ${minLength} to ${maxLength} characters, comes ${gap} s or more after the last, without ${listed(not, lang)}`
}

function watchSentence({ attention, earn }: Rulebook, lang: Lang): string | undefined {
  if (!earn.some((rule) => rule.enabled && rule.action === 'watch')) return undefined
  const { beatSec, maxGapSec } = attention
  return lang === 'zh'
    ? `观看每 ${beatSec} 秒计一次，同一时间只计一处，页面在后台不计；断开超过 ${maxGapSec} 秒重新计连续时间`
    : `Watching counts every ${beatSec} s, in one place at a time and not in the background; a gap over ${maxGapSec} s breaks it`
}
