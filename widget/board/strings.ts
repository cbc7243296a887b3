/** The words of weekly boards. */

import type { Lang } from '../ui/lang.ts'

const zh = {
  ends: (left: string) => `${left}后结算`,
  over: '正在结算',
  empty: '本周还没有人上榜，快来抢第一',
  prize: (points: string) => `奖 ${points}`,
  toPrize: (points: string) => `再得 ${points} 分可获奖励`,
  toNext: (points: string) => `距上一名 ${points} 分`,
  first: '您是第一名',
  prized: (points: string) => `保持名次可得 ${points} 分`,
  you: '您',
  place: (rank: string) => `第 ${rank} 名`,
  noPlace: '未上榜',
  star: (title: string, places: number) =>
    places === 1 ? `第一名获「${title}」徽章` : `前 ${places} 名获「${title}」徽章`,
  unread: '暂时读不到，请稍后再试',
}
export type WeekStrings = typeof zh

const en: WeekStrings = {
  ends: (left) => `ends in ${left}`,
  over: 'being closed',
  empty: 'Nobody has a place yet. Be the first',
  prize: (points) => `+${points}`,
  toPrize: (points) => `${points} more for a prize`,
  toNext: (points) => `${points} to the next place`,
  first: 'You lead',
  prized: (points) => `${points} points if you stay here`,
  you: 'You',
  place: (rank) => `No. ${rank}`,
  noPlace: 'No place yet',
  star: (title, places) =>
    places === 1 ? `The first wears “${title}”` : `The first ${places} wear “${title}”`,
  unread: 'Cannot be read now, try again later',
}

export const WEEK_STRINGS: Record<Lang, WeekStrings> = { zh, en }
