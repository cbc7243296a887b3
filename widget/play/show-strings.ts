/** The words of effects over the picture, and what the sheet's head and tabs say of play. */

import { formatPoints, type Lang } from '../ui/lang.ts'

const zh = {
  play: '互动',
  points: (n: number) => `${formatPoints(n)} 积分`,
  votes: (n: number) => `${formatPoints(n)} 票`,
  boosted: (tier: string) => `今日体验 · ${tier}`,
  came: '进场',
  tipped: (n: number) => `打赏 ${formatPoints(n)} 积分`,
  others: (n: number) => `等 ${formatPoints(n)} 人`,
  people: (n: number) => `${formatPoints(n)} 位观众`,
  drawn: '中奖',
  nobody: '没有人中奖',
  best: '得票最多',
  opened: { draw: '抽奖开始', box: '盲盒开卖', vote: '投票开始' },
}
export type ShowStrings = typeof zh

const en: ShowStrings = {
  play: 'Play',
  points: (n) => `${formatPoints(n)} ${n === 1 ? 'point' : 'points'}`,
  votes: (n) => `${formatPoints(n)} ${n === 1 ? 'vote' : 'votes'}`,
  boosted: (tier) => `Today as ${tier}`,
  came: 'came in',
  tipped: (n) => `tipped ${formatPoints(n)} points`,
  others: (n) => (n === 1 ? 'and 1 other' : `and ${formatPoints(n)} others`),
  people: (n) => (n === 1 ? '1 viewer' : `${formatPoints(n)} viewers`),
  drawn: 'Winners',
  nobody: 'Nobody won',
  best: 'Most votes',
  opened: { draw: 'Draw open', box: 'Blind boxes open', vote: 'Vote open' },
}

export const SHOW_STRINGS: Record<Lang, ShowStrings> = { zh, en }
