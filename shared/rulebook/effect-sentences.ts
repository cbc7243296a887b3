/** What points buy in the room, in sentences. */

import type { Colour, Entrance } from '../effects.ts'
import { type Lang, listed, plain, pointsOf } from './labels.ts'
import type { Effects, Rulebook } from './schema.ts'

export const COLOUR_LABELS: Record<Colour, Record<Lang, string>> = {
  sky: { zh: '天蓝', en: 'sky' },
  jade: { zh: '碧玉', en: 'jade' },
  rose: { zh: '玫红', en: 'rose' },
  gold: { zh: '鎏金', en: 'gold' },
}
export const ENTRANCE_LABELS: Record<Entrance, Record<Lang, string>> = {
  soft: { zh: '微光', en: 'soft' },
  bright: { zh: '星光', en: 'bright' },
  grand: { zh: '荣耀', en: 'grand' },
}

type Line = [key: string, text: string | undefined]

const daysOf = (days: number, lang: Lang) =>
  lang === 'zh' ? `${days} 天` : days === 1 ? '1 day' : `${days} days`

/** In reading order; what is not on sale says nothing. */
export function effectSentences({ effects, ladder }: Rulebook, lang: Lang): Line[] {
  const zh = lang === 'zh'
  const looks: Line[] = [
    ...effects.colours.map(({ colour, points, days }): Line => {
      const name = COLOUR_LABELS[colour][lang]
      const price = pointsOf(points, lang)
      const text = `${name}弹幕颜色：${price}用 ${daysOf(days, lang)}`
      return [
        `colour_${colour}`,
        zh ? text : `Comments in ${name}: ${price} for ${daysOf(days, lang)}`,
      ]
    }),
    ...effects.entrances.map(({ entrance, points, days }): Line => {
      const name = ENTRANCE_LABELS[entrance][lang]
      const price = pointsOf(points, lang)
      const text = `${name}进场特效：${price}用 ${daysOf(days, lang)}`
      return [
        `entrance_${entrance}`,
        zh ? text : `A ${name} entrance: ${price} for ${daysOf(days, lang)}`,
      ]
    }),
    ...effects.tiers.map(({ rung, colour, entrance }, i): Line => {
      const tier = ladder.rungs.find(({ id }) => id === rung)?.label[lang]
      const gives = [
        colour && `${COLOUR_LABELS[colour][lang]}${zh ? '弹幕颜色' : ' comments'}`,
        entrance && `${ENTRANCE_LABELS[entrance][lang]}${zh ? '进场特效' : ' entrance'}`,
      ].filter((text) => text !== undefined)
      if (!tier || gives.length === 0) return [`tier_${i}`, undefined]
      return [
        `tier_${i}`,
        zh ? `${tier}起自带${listed(gives, lang)}` : `From ${tier} on: ${listed(gives, lang)}`,
      ]
    }),
  ]
  return [
    ['broadcast', broadcastSentence(effects, lang)],
    ...looks,
    ['tip', tipSentence(effects, lang)],
    ['draw', drawSentence(effects, lang)],
    ['vote', voteSentence(effects, lang)],
    ['boost', boostSentence(effects, lang)],
  ]
}

function broadcastSentence({ broadcast }: Effects, lang: Lang): string | undefined {
  if (!broadcast) return undefined
  const { points, chars, waitSec, waiting } = broadcast
  const price = pointsOf(points, lang)
  return lang === 'zh'
    ? `全屏广播：${price}，最多 ${chars} 个字；主播同意后播出，拒绝或 ${waitSec} 秒内没有处理则积分退回；每人同时最多 ${waiting} 条等待`
    : `A broadcast costs ${price} and has up to ${chars} characters; the host agrees first, and where the host declines or ${waitSec} s pass the points go back; ${waiting} of one viewer may wait`
}

function tipSentence({ tip }: Effects, lang: Lang): string | undefined {
  if (!tip) return undefined
  const { policy, hostShare, amounts, perLive } = tip
  const list = listed(amounts.map(String), lang)
  const most = pointsOf(perLive, lang)
  const part = `${plain(hostShare * 100)}%`
  const zh =
    policy === 'hostBucket'
      ? `${part} 记入主播的积分（不可提现），其余收回`
      : '打赏的积分收回，不给任何人'
  const en =
    policy === 'hostBucket'
      ? `${part} goes to the host’s points, which are never cash; the rest is gone`
      : 'tipped points are gone'
  return lang === 'zh'
    ? `打赏主播：${list} 积分，每人每场最多 ${most}；${zh}`
    : `Tips of ${list} points, at most ${most} of one viewer in a live; ${en}`
}

function drawSentence({ draw }: Effects, lang: Lang): string | undefined {
  if (!draw) return undefined
  const { points, perViewer, total, prizePoints } = draw
  const price = pointsOf(points, lang)
  const most = pointsOf(prizePoints, lang)
  return lang === 'zh'
    ? `抽奖和盲盒：每人每天免费 1 次，加购每张 ${price}、最多 ${perViewer} 张；全场最多 ${total} 张，积分奖品合计不超过 ${most}；概率公开，结果可验证`
    : `Draws and blind boxes: one free entry a day, further tickets ${price} each and at most ${perViewer}; ${total} tickets in all, prizes of at most ${most}; odds are published and results can be checked`
}

function voteSentence({ vote }: Effects, lang: Lang): string | undefined {
  if (!vote) return undefined
  const price = pointsOf(vote.points, lang)
  return lang === 'zh'
    ? `投票：免费 1 票，加投每票 ${price}、最多 ${vote.perViewer} 票`
    : `Votes: one is free, further ones ${price} each and at most ${vote.perViewer}`
}

function boostSentence({ boost }: Effects, lang: Lang): string | undefined {
  if (boost.kind === 'off') return undefined
  const price = pointsOf(boost.points, lang)
  return lang === 'zh'
    ? `等级体验：${price}，当天 24 点前享受高 ${boost.maxRungs} 级的倍率和权益；成长值和等级不变`
    : `Tier day pass: ${price} for what ${boost.maxRungs} rung higher pays and gives, until midnight; growth and tier stay`
}
