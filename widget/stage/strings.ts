/** The words of the stage. */

import type { Action } from '../../shared/receipt.ts'
import { formatPoints, type Lang } from '../ui/index.ts'

const zh = {
  stage: '直播舞台',
  heat: '热度',
  roomHeat: '直播间热度',
  allPoints: '全场积分',
  interactions: '互动积分',
  toNext: (level: number) => `再热一点到 Lv.${level}:还差`,
  top: '已是最高热度',
  holding: '热度保持中',
  needActors: '再多几位观众互动,热度就会上升',
  rose: '大家把直播间点热了',
  level: (level: number) => `热度 Lv.${level}`,
  nowPays: (what: string) => `接下来${what}`,
  action: (action: Action) =>
    ({ comment: '评论积分', share: '分享积分', watch: '观看积分', purchase: '下单积分' })[
      action as string
    ] ?? '互动积分',
  countdown: '限时任务',
  placesLeft: '名额剩余',
  allPlaces: '人人有份',
  taken: '名额已满',
  campaign: '限时加倍',
  board: '本场热心榜',
  fanfare: '升级播报',
  others: (n: number) => `和另外 ${formatPoints(n)} 人`,
  people: (n: number) => `${formatPoints(n)} 位观众`,
  reached: (tier: string) => `升级为${tier}`,
  spotlight: '主播点亮了这条评论',
  won: (n: number) => `${formatPoints(n)} 人完成了任务`,
  wonTitle: '任务结束',
  setupKey: '缺少舞台密钥',
  setupKeyWhy: '请从主播台复制完整的舞台地址,它以 #k= 结尾',
  setupRefused: '舞台密钥已失效',
  setupRefusedWhy: '请重新生成舞台地址并更新浏览器源',
}

export type StageStrings = typeof zh

const en: StageStrings = {
  stage: 'Stage',
  heat: 'Heat',
  roomHeat: 'Room heat',
  allPoints: 'All points',
  interactions: 'Interactions',
  toNext: (level) => `To level ${level}:`,
  top: 'The highest heat there is',
  holding: 'Holding the heat',
  needActors: 'A few more viewers and it rises',
  rose: 'You heated up the room',
  level: (level) => `Heat level ${level}`,
  nowPays: (what) => `${what} now`,
  action: (action) =>
    ({
      comment: 'Comments',
      share: 'Shares',
      watch: 'Watching',
      purchase: 'Orders',
      like: 'Likes',
    })[action as string] ?? 'Interactions',
  countdown: 'Countdown task',
  placesLeft: 'Places left',
  allPlaces: 'For everybody',
  taken: 'All places taken',
  campaign: 'Bonus time',
  board: "Tonight's top",
  fanfare: 'Tier-up',
  others: (n) => (n === 1 ? 'and 1 other' : `and ${formatPoints(n)} others`),
  people: (n) => (n === 1 ? '1 viewer' : `${formatPoints(n)} viewers`),
  reached: (tier) => `reached ${tier}`,
  spotlight: 'Picked by the host',
  won: (n) => (n === 1 ? '1 viewer made it' : `${formatPoints(n)} viewers made it`),
  wonTitle: 'Task over',
  setupKey: 'The stage key is missing',
  setupKeyWhy: 'Copy the whole stage address from the host console; it ends in #k=',
  setupRefused: 'The stage key no longer works',
  setupRefusedWhy: 'Make a new stage address and update the browser source',
}

export const STRINGS: Record<Lang, StageStrings> = { zh, en }
