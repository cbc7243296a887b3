/** One short sentence for a receipt: what the overlay's pill and the history show. */

import { award } from '../points.ts'
import type { Reason, Receipt } from '../receipt.ts'
import { DAY_MS } from '../time.ts'
import { ACTION_LABELS, growthOf, type Lang, plain, pointsOf, timesOf, unitsOf } from './labels.ts'

/**
 * `+3 点赞 ×1.5`, `Daily limit of 200 likes reached · again tomorrow at 0:00`. `zone` is the reader's IANA time
 * zone; without it, that of the machine. Amounts come first, then why they are not more.
 */
export const explain = (receipt: Receipt, lang: Lang, zone?: string): string =>
  explained(receipt, { lang, zone, words: { ...TOLD, ...WATCHING } })

/** The same, without the words for what is never told at once; every viewer downloads this one. */
export const explainTold = (receipt: Receipt, lang: Lang): string =>
  explained(receipt, { lang, words: TOLD })

type Words = Partial<Record<Reason, readonly [zh: string, en: string]>>

interface Told {
  lang: Lang
  words: Words
  zone?: string | undefined
}

function explained(receipt: Receipt, { lang, words, zone }: Told): string {
  const parts: string[] = []
  const names = receipt.title ?? ACTION_LABELS[receipt.action]
  const name = names[lang]
  if (receipt.points > 0) {
    const times = receipt.multiplier === 1000 ? '' : ` ${timesOf(receipt.multiplier)}`
    parts.push(`+${receipt.points} ${name}${times}`)
    if (receipt.bucket === 'session') parts.push(lang === 'zh' ? '仅限本场' : 'this live only')
    if (receipt.first) parts.push(lang === 'zh' ? '首单加倍' : 'first order')
    const less = receipt.brownout
    // Awards are smaller while the platform is near its cap.
    if (less) parts.push(`${lang === 'zh' ? '发放收紧' : 'reduced'} ${timesOf(less.factor)}`)
    if (receipt.stale) parts.push(lang === 'zh' ? '热度暂按 ×1' : 'heat counts as ×1 for now')
  }
  if (receipt.growth > 0) {
    const growth = `+${growthOf(receipt.growth, lang)}`
    parts.push(parts.length ? growth : `${growth} ${name}`)
  }
  const empty = parts.length === 0
  const why = reasonOf(receipt, { lang, words, names })
  if (why) parts.push(why)
  if (empty && receipt.resetsAtMs !== undefined) {
    const again = resetOf(receipt, lang, zone)
    if (again) parts.push(again)
  }
  return parts.join(' · ')
}

/** Reasons that say the same of whatever was done. */
const TOLD = {
  budget: ['积分预算已发完，稍后再来', 'The points budget is used up for now'],
  issuance_cap: ['平台积分已发完，稍后再来', 'No points left to give for now'],
  frozen: ['账户已冻结，暂不计积分', 'The account is frozen and earns nothing'],
  wallet_full: ['积分种类过多，用掉一些再来', 'Too many kinds of points; spend some first'],
  room_ended: ['直播已结束，不再计分', 'The live has ended'],
  comment_short: ['评论太短，不计积分', 'Too short to earn points'],
  comment_long: ['评论太长，不计积分', 'Too long to earn points'],
  comment_repeated: ['重复的评论不计积分', 'Repeated comments earn nothing'],
  comment_fast: ['评论太快，请稍等再发', 'Too soon after the last comment'],
  comment_link: ['带链接的评论不计积分', 'Comments with links earn nothing'],
  comment_blocked: ['评论含屏蔽词，不计积分', 'The comment has a blocked word'],
  task_pending: ['已达成，正在确认名额', 'Done, waiting for your place'],
  task_full: ['名额已满', 'All places are taken'],
  share_unproven: ['有人点开分享后计分', 'Pays when somebody opens your link'],
} as const satisfies Words

/** The clock of watching ticks by itself: only lists of receipts say why it paid nothing. */
const WATCHING = {
  watch_started: ['开始计算观看时间', 'The watch clock is running'],
  watch_early: ['观看时间已计过，稍后再计', 'Already counted, again a little later'],
  watch_stale: ['观看中断过，重新计时', 'Watching was interrupted'],
  watch_counted: ['观看时间已计入', 'Watch time counted'],
  watch_elsewhere: ['正在另一处计算观看时间', 'Watch time counts in another place'],
  watch_hidden: ['页面在后台，不计观看', 'Watching in the background does not count'],
} as const satisfies Words

/** Why not (more); empty where everything that could be earned was. */
function reasonOf(
  receipt: Receipt,
  { lang, words, names }: { lang: Lang; words: Words; names: Record<Lang, string> },
): string {
  const { reason } = receipt
  const { zh, en } = names
  const say = (chinese: string, english: string) => (lang === 'zh' ? chinese : english)
  switch (reason) {
    case 'earned':
      return receipt.points > 0 || receipt.growth > 0 ? '' : carried(receipt, lang)
    case 'progress':
      if (receipt.title) return `${say(zh, en)} ${receipt.counted}/${receipt.units}`
      return say(`${zh}已计`, `${en} counted`)
    case 'quest_done':
      return say(`${zh}已完成`, `${en} done`)
    case 'no_rule':
      return say(`${zh}在这里不计积分`, `${en}: earns no points here`)
    case 'minute_cap':
      return full(receipt, lang, ['这一分钟', 'a minute'])
    case 'live_cap':
      return full(receipt, lang, ['本场', 'a live'])
    case 'daily_cap':
      return full(receipt, lang, ['今日', 'a day'])
    case 'daily_points': {
      const cap = receipt.cap === undefined ? '' : ` ${pointsOf(receipt.cap, lang)}`
      return say(`今日互动积分已满${cap}`, `All points of today earned${cap && `:${cap}`}`)
    }
    case 'once_only':
      if ((receipt.cap ?? 1) > 1) return full(receipt, lang, ['每人', 'for one person'])
      return say(`${zh}奖励每人一次，已领过`, `${en}: paid once per person, already yours`)
    case 'award_cap': {
      const cap = receipt.cap === undefined ? '' : ` ${pointsOf(receipt.cap, lang)}`
      return say(`已达单次上限${cap}`, `the most for one time${cap && `:${cap}`}`)
    }
    default: {
      // A newer server may know reasons that this client does not.
      const fixed = words[reason]
      return fixed ? say(...fixed) : say(`${zh}未计积分`, `${en}: no points`)
    }
  }
}

/** The cap of a period is full. */
function full(receipt: Receipt, lang: Lang, period: readonly [zh: string, en: string]): string {
  const { action, cap } = receipt
  const { zh, many } = ACTION_LABELS[action]
  if (lang === 'zh')
    return `${period[0]}${zh}已满${cap === undefined ? '' : ` ${unitsOf(action, cap, lang)}`}`
  const most = cap === undefined ? many : unitsOf(action, cap, lang)
  return `Limit of ${most} ${period[1]} reached`
}

/** Less than one point: it is kept and goes into the next award. */
function carried(receipt: Receipt, lang: Lang): string {
  const { baseMilli, counted, multiplier, carry, action } = receipt
  const kept = plain(award({ baseMilli, units: counted, multiplier, carry }).carry / 1000)
  const { zh, en } = ACTION_LABELS[action]
  return lang === 'zh'
    ? `${zh}已计，累积到 ${kept} 积分`
    : `${en} counted, ${kept} of a point so far`
}

/** When the cap opens again; seconds for the near future, else day and time of the reader's clock. */
function resetOf({ atMs, resetsAtMs = atMs }: Receipt, lang: Lang, zone?: string): string {
  const seconds = Math.ceil((resetsAtMs - atMs) / 1000)
  if (seconds <= 0) return ''
  if (seconds <= 60) return lang === 'zh' ? `${seconds} 秒后再计` : `again in ${seconds} s`
  const at = dayOf(atMs, zone)
  const days = dayOf(resetsAtMs, zone) - at
  if (days > 1) return ''
  if (days === 1 && dayOf(resetsAtMs - 1, zone) === at)
    return lang === 'zh' ? '明天 0 点再计' : 'again at midnight'
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: 'numeric',
    minute: '2-digit',
  }).format(resetsAtMs)
  if (lang === 'zh') return `${days ? '明天' : '今天'} ${clock} 再计`
  return `again ${days ? 'tomorrow' : 'today'} at ${clock}`
}

/** Days by the zone's own calendar; Swedes write dates as machines read them. */
const dayOf = (atMs: number, timeZone?: string): number =>
  Date.parse(new Date(atMs).toLocaleDateString('sv', { timeZone })) / DAY_MS
