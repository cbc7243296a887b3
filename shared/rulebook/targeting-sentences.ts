/** Segments, offers and packs in sentences: what is published, and what operators read. Free of zod. */

import { ACTION_LABELS, type Lang, listed, plain, pointsOf, timesOf, unitsOf } from './labels.ts'
import { packContents, packLabel } from './privileges.ts'
import type { Rung } from './schema.ts'
import type {
  Condition,
  Figure,
  Offer,
  Segment,
  SegmentPack,
  TargetingPolicy,
} from './targeting.ts'

type Line = [key: string, text: string]
type Rungs = readonly Pick<Rung, 'label'>[]

/** Before and behind a number. */
const FIGURE_WORDS: Record<Figure, Record<Lang, readonly [before: string, behind: string]>> = {
  daysSinceFirst: { zh: ['首次到来已', '天'], en: ['first seen', 'days ago'] },
  daysSinceLast: { zh: ['已', '天没来'], en: ['away for', 'days'] },
  watchedMinutes: { zh: ['累计观看', '分钟'], en: ['watched', 'minutes'] },
  lives: { zh: ['看过', '场直播'], en: ['seen', 'lives'] },
  comments: { zh: ['发过', '条评论'], en: ['written', 'comments'] },
  shares: { zh: ['分享过', '次'], en: ['shared', 'times'] },
  browses: { zh: ['浏览过', '件商品'], en: ['opened', 'products'] },
  orders: { zh: ['下过', '单'], en: ['placed', 'orders'] },
  spentYuan: { zh: ['消费', '元'], en: ['spent', 'yuan'] },
  rung: { zh: ['等级', ''], en: ['tier', ''] },
  activeDays: { zh: ['最近 14 天活跃', '天'], en: ['active on', 'of the last 14 days'] },
  change: {
    zh: ['最近 14 天的活跃度比之前 14 天变化', '%'],
    en: ['activity of the last 14 days changed by', '% against the 14 before'],
  },
  idleMarathons: {
    zh: ['最近 7 天里只挂机 16 小时以上的有', '天'],
    en: ['watched 16 hours and did nothing else on', 'of the last 7 days'],
  },
}

const numberOf = (figure: Figure, n: number, { lang, rungs }: { lang: Lang; rungs: Rungs }) =>
  figure === 'rung' ? (rungs[n]?.label[lang] ?? String(n)) : plain(n)

function boundOf({ figure, atLeast, atMost }: Condition, of: { lang: Lang; rungs: Rungs }): string {
  const at = (n: number) => numberOf(figure, n, of)
  const zh = of.lang === 'zh'
  if (atLeast !== undefined && atMost !== undefined)
    return atLeast === atMost
      ? at(atLeast)
      : zh
        ? `${at(atLeast)} 到 ${at(atMost)}`
        : `${at(atLeast)} to ${at(atMost)}`
  if (atLeast === undefined && atMost === 0) return zh ? at(0) : 'no'
  if (atLeast !== undefined) return zh ? `至少 ${at(atLeast)}` : `at least ${at(atLeast)}`
  return zh ? `至多 ${at(atMost ?? 0)}` : `at most ${at(atMost ?? 0)}`
}

/** `已至少 30 天没来`, `away for at least 30 days`. */
function conditionText(condition: Condition, of: { lang: Lang; rungs: Rungs }): string {
  const [before, behind] = FIGURE_WORDS[condition.figure][of.lang]
  const bound = boundOf(condition, of)
  // Between Chinese and a number, and between English words.
  const gap = of.lang === 'zh' && !/^[\d-]/.test(bound) ? '' : ' '
  return `${before}${gap}${bound} ${behind}`.trim().replace(' %', '%')
}

export const conditionsText = (all: readonly Condition[], lang: Lang, rungs: Rungs): string =>
  listed(
    all.map((one) => conditionText(one, { lang, rungs })),
    lang,
  )

function packText(pack: SegmentPack, lang: Lang): string {
  const contents = packContents(pack, lang)
  const name = packLabel(pack.kind)[lang]
  if (lang === 'zh') {
    const when = pack.given === 'atOnce' ? '立即发放' : '下次到来时发放'
    return `${name}（${contents}），${when}，${pack.againDays} 天内最多一次`
  }
  const when = pack.given === 'atOnce' ? 'given at once' : 'given at the next visit'
  return `${name} (${contents}), ${when}, at most once in ${pack.againDays} days`
}

/** What being in it brings; empty where it brings nothing. */
function segmentGives({ pack, factor }: Segment, lang: Lang): string[] {
  return [
    ...(pack ? [packText(pack, lang)] : []),
    ...(factor > 1
      ? [
          lang === 'zh'
            ? `专属倍率 ${timesOf(factor * 1000)}`
            : `personal multiplier ${timesOf(factor * 1000)}`,
        ]
      : []),
  ]
}

/** For operators: everything that follows from being in it. */
export function segmentFollows(segment: Segment, lang: Lang): string[] {
  const zh = lang === 'zh'
  return [
    ...segmentGives(segment, lang),
    ...(segment.tell
      ? [zh ? '进出时 Webhook 通知' : 'webhooks when somebody enters or leaves']
      : []),
    ...(segment.freeze
      ? [zh ? '冻结账户待核查' : 'the account is frozen until it is looked at']
      : []),
  ]
}

/** For operators: who is in it, and what follows. */
export function segmentSentence(segment: Segment, lang: Lang, rungs: Rungs): string {
  const follows = segmentFollows(segment, lang)
  const who = conditionsText(segment.all, lang, rungs)
  const label = segment.label[lang]
  if (lang === 'zh') return `${label}：${who}${follows.length > 0 ? `；${follows.join('，')}` : ''}`
  return `${label}: ${who}${follows.length > 0 ? `; ${follows.join(', ')}` : ''}`
}

/** `每次` and the like are left out: an offer is taken once. */
export function offerSentence(
  offer: Offer,
  { lang, segments }: { lang: Lang; segments: readonly Pick<Segment, 'id' | 'label'>[] },
): string {
  const { watchedMinutes, browsed, ask, points, minutes, often } = offer
  const zh = lang === 'zh'
  const who = segments.find(({ id }) => id === offer.segment)?.label[lang]
  const after = [
    ...(watchedMinutes > 0
      ? [
          zh
            ? `本场看满 ${plain(watchedMinutes)} 分钟`
            : `${plain(watchedMinutes)} minutes of this live`,
        ]
      : []),
    ...(browsed > 0
      ? [zh ? `浏览 ${unitsOf('browse', browsed, lang)}商品` : unitsOf('browse', browsed, lang)]
      : []),
  ]
  const once =
    often === 'ever' ? (zh ? '每人一次' : 'once a person') : zh ? '每场一次' : 'once a live'
  if (zh) {
    const when = after.length > 0 ? `${after.join('并')}后，` : ''
    const action = ACTION_LABELS[ask].zh
    return `${offer.label.zh}：${who ? `「${who}」` : ''}${when}${minutes} 分钟内${action}得 ${pointsOf(points, lang)}，${once}`
  }
  const when = after.length > 0 ? `after ${listed(after, lang)}, ` : ''
  const forWhom = who ? `for “${who}”: ` : ''
  return `${offer.label.en}: ${forWhom}${when}a ${ACTION_LABELS[ask].one} within ${minutes} minutes brings ${pointsOf(points, lang)}, ${once}`
}

/** What viewers are promised: offers, and what segments bring. */
export function targetingSentences(
  { segments, offers }: TargetingPolicy,
  lang: Lang,
  rungs: Rungs,
): Line[] {
  const given = segments.flatMap((segment): Line[] => {
    const gives = segmentGives(segment, lang)
    if (gives.length === 0) return []
    const who = conditionsText(segment.all, lang, rungs)
    const text = gives.join(lang === 'zh' ? '，' : ', ')
    return [[`segment_${segment.id}`, lang === 'zh' ? `${who}：${text}` : `Who is ${who}: ${text}`]]
  })
  return [
    ...offers.map((offer): Line => [`offer_${offer.id}`, offerSentence(offer, { lang, segments })]),
    ...given,
  ]
}
