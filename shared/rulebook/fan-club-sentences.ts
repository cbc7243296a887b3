/** What a rulebook says about fan clubs, in sentences. */

import { CLUB_WATCH_MINUTES, type ClubAction } from '../clubs.ts'
import type { FanClubPolicy } from './fan-club.ts'
import { growthOf, type Lang, listed, plain, pointsOf, timesOf } from './labels.ts'
import type { Rulebook } from './schema.ts'

const COUNTED: Record<ClubAction, Record<Lang, string>> = {
  watch: {
    zh: `每看满 ${CLUB_WATCH_MINUTES} 分钟`,
    en: `every ${CLUB_WATCH_MINUTES} minutes watched`,
  },
  comment: { zh: '每条有效评论', en: 'a valid comment' },
  like: { zh: '每次点赞', en: 'a like' },
  share: { zh: '每次分享', en: 'a share' },
  order: { zh: '每笔付款订单', en: 'a paid order' },
}

function earnsText({ earns, perDay }: FanClubPolicy, lang: Lang): string {
  const parts = (Object.entries(earns) as [ClubAction, number][])
    .filter(([, growth]) => growth > 0)
    .map(([action, growth]) => `${COUNTED[action][lang]} ${plain(growth)}`)
  return lang === 'zh'
    ? `粉丝团成员在该主播直播间得团成长值：${listed(parts, lang)}，每天最多 ${plain(perDay)}`
    : `Members of a host's fan club gather club growth in the host's lives: ${listed(parts, lang)}, at most ${plain(perDay)} a day`
}

function rungsText({ rungs }: FanClubPolicy, lang: Lang): string {
  const parts = rungs.map(({ label, growth, platformGrowth }) => {
    const gain = platformGrowth > 0 ? growthOf(platformGrowth, lang) : ''
    if (lang === 'zh')
      return `${label.zh} ${plain(growth)}${gain && `（首次达到另得平台 ${gain}）`}`
    return `${label.en} from ${plain(growth)}${gain && ` (first time also ${gain} on the platform)`}`
  })
  return lang === 'zh'
    ? `粉丝团等级：${parts.join('、')}，不会降级`
    : `Club ranks: ${parts.join(', ')}; a rank is never lost`
}

function joinText({ clubs, joinPoints }: FanClubPolicy, lang: Lang): string {
  if (lang === 'zh')
    return `加入粉丝团${joinPoints > 0 ? `需 ${pointsOf(joinPoints, lang)}` : '免费'}，最多同时加入 ${clubs} 个；退出后团成长值保留，再加入时接着算`
  const price = joinPoints > 0 ? `costs ${pointsOf(joinPoints, lang)}` : 'is free'
  return `Joining a fan club ${price}, at most ${clubs} at a time; who leaves keeps the club growth for the next time`
}

function tierText({ byTier }: FanClubPolicy, { ladder }: Rulebook, lang: Lang): string | undefined {
  const parts = byTier.map(({ rung, factor }) => {
    const name = ladder.rungs.find(({ id }) => id === rung)?.label[lang] ?? rung
    return `${name} ${timesOf(factor * 1000)}`
  })
  if (parts.length === 0) return undefined
  return lang === 'zh'
    ? `平台等级越高，团成长值越快：${parts.join('、')}`
    : `A higher tier of the platform gathers club growth faster: ${parts.join(', ')}`
}

function taskText({ taskPoints }: FanClubPolicy, lang: Lang): string | undefined {
  if (taskPoints === 0) return undefined
  return lang === 'zh'
    ? `主播可以给粉丝团写任务，一位主播一天的任务最多发 ${pointsOf(taskPoints, lang)}`
    : `Hosts write tasks for their clubs; those of one host and day pay at most ${pointsOf(taskPoints, lang)}`
}

/** By key; nothing where there are no clubs. */
export function fanClubSentences(
  book: Rulebook,
  lang: Lang,
): [key: string, text: string | undefined][] {
  const { fanClub } = book
  if (!fanClub) return []
  return [
    ['earns', earnsText(fanClub, lang)],
    ['rungs', rungsText(fanClub, lang)],
    ['join', joinText(fanClub, lang)],
    ['by-tier', tierText(fanClub, book, lang)],
    ['tasks', taskText(fanClub, lang)],
  ]
}
