/** The words of the overlay. */

import type { Action } from '../../shared/receipt.ts'
import { ACTION_LABELS, type Lang, listed, unitsOf } from '../../shared/rulebook/labels.ts'

const nth = (n: number): string => {
  const tens = n % 100
  const end = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${end}`
}

const zh = {
  points: '积分',
  rewards: '积分兑换',
  flashOpened: (points: string) => `限时兑换 ${points} 分`,
  guest: '新朋友',
  yourPoints: '您当前积分',
  sessionPart: (n: string) => `含本场 ${n}`,
  more: (n: string) => [`还差 `, n, ` 分升级`] as const,
  top: '已是最高等级',
  connecting: '正在连接…',
  reconnecting: '积分暂停，正在重连',
  paused: '人多，积分稍后到账',
  ended: '直播已结束',
  refused: '连接已断开，请刷新页面',
  membersOnly: (tier: string, missing: string) => `${tier}专场，还差 ${missing} 成长值`,
  caughtUp: '断线期间已补记',
  times: (n: number) => `${n} 次`,
  kept: (n: number) => `刚才的 ${n} 个动作已记下，恢复后自动补记`,
  why: { heat: '热场加成', campaign: '限时加倍', tier: '会员加成', personal: '专属加成' },
  names: (actions: readonly Action[]) =>
    listed(
      actions.map((a) => ACTION_LABELS[a].zh),
      'zh',
    ),
  heat: '热度',
  heatName: (level: number, factor: string) => `直播间热度 ${level} 级，互动积分 ${factor}`,
  last: '最后',
  placesLeft: (left: number, quota: number) => ['剩余 ', left, `/${quota}`] as const,
  everybody: '人人有份',
  share: '分享',
  goShare: '去分享',
  goComment: '去评论',
  goLike: '点赞',
  doneAs: (rank: number) => `已到账 · 您是第 ${rank} 位`,
  credited: '已到账',
  claiming: '已达成，正在确认名额',
  full: '名额已满',
  over: '任务已结束',
  taskSpoken: (title: string, points: number) => `限时任务：${title}，加 ${points} 分`,
  leftSpoken: (title: string, seconds: number) =>
    seconds > 10 ? `${title}还有 1 分钟` : `${title}还有 10 秒`,
  reached: (tier: string) => `升级为${tier}`,
  others: (n: number) => `等 ${n + 1} 人`,
  people: (n: number) => `${n} 位观众`,
  announced: '主播祝贺',
  taskStarted: '限时任务开始',
  taskWon: (n: number) => `任务结束，${n} 人完成`,
  campaignStarted: (factor: string) => `限时加倍 ${factor}`,
  heatRose: (level: number) => `直播间热度升到 Lv.${level}`,
  spotlit: '主播点名的评论',
  liveEnded: '直播已结束，感谢观看',
  waiting: (n: number) => `还有 ${n} 条`,
  congratulations: '恭喜升级',
  factorNow: (factor: string) => `积分倍率 ${factor}，从现在起`,
  fine: '好的',
  like: '点赞',
  comment: '评论',
  comments: '评论',
  say: '说点什么…',
  send: '发送',
  copied: '链接已复制，快发给好友',
  notSent: '没有发出去，请稍后再试',
  spokenGain: (points: number, counts: string) => `加 ${points} 分，${counts}`,
  spokenTimes: (action: Action, n: number) =>
    `${ACTION_LABELS[action].zh} ${unitsOf(action, n, 'zh')}`,
  comma: '、',
}

export type OverlayStrings = Omit<typeof zh, 'more' | 'placesLeft'> & {
  /** What stands before, the number, and what stands after. */
  placesLeft: (left: number, quota: number) => readonly [string, number, string]
  /** What stands before the number, the number, and what stands before the tier. */
  more: (n: string) => readonly [string, string, string]
}

const en: OverlayStrings = {
  points: 'Points',
  rewards: 'Redeem points',
  flashOpened: (points) => `Flash reward for ${points}`,
  guest: 'Guest',
  yourPoints: 'Your points',
  sessionPart: (n) => `${n} this live`,
  more: (n) => ['', n, ' more to '],
  top: 'The highest tier',
  connecting: 'Connecting…',
  reconnecting: 'Paused, reconnecting',
  paused: 'Busy, points arrive shortly',
  ended: 'The live has ended',
  refused: 'Disconnected, please reload',
  membersOnly: (tier, missing) => `For ${tier}, ${missing} growth to go`,
  caughtUp: 'counted while offline',
  times: (n) => (n === 1 ? '1 action' : `${n} actions`),
  kept: (n) =>
    n === 1
      ? 'Your last action is kept and will be counted'
      : `Your last ${n} actions are kept and will be counted`,
  why: { heat: 'hot room', campaign: 'bonus time', tier: 'tier bonus', personal: 'your bonus' },
  names: (actions) =>
    listed(
      actions.map((a) => ACTION_LABELS[a].en),
      'en',
    ),
  heat: 'Heat',
  heatName: (level, factor) => `Room heat level ${level}, interactions ${factor}`,
  last: 'Ends in',
  placesLeft: (left, quota) => ['', left, `/${quota} left`],
  everybody: 'For everybody',
  share: 'Share',
  goShare: 'Share',
  goComment: 'Comment',
  goLike: 'Like',
  doneAs: (rank) => `Credited · you are the ${nth(rank)}`,
  credited: 'Credited',
  claiming: 'Done, waiting for your place',
  full: 'All places are taken',
  over: 'The task is over',
  taskSpoken: (title, points) => `Countdown task: ${title}, plus ${points} points`,
  leftSpoken: (title, seconds) => `${title}: ${seconds > 10 ? '1 minute' : '10 seconds'} left`,
  reached: (tier) => `reached ${tier}`,
  others: (n) => (n === 1 ? 'and 1 other' : `and ${n} others`),
  people: (n) => (n === 1 ? '1 viewer' : `${n} viewers`),
  announced: 'The host congratulates',
  taskStarted: 'Countdown task',
  taskWon: (n) => (n === 1 ? 'Task over, 1 viewer made it' : `Task over, ${n} viewers made it`),
  campaignStarted: (factor) => `Bonus time ${factor}`,
  heatRose: (level) => `The room rose to heat level ${level}`,
  spotlit: 'Picked by the host',
  liveEnded: 'The live has ended, thank you',
  waiting: (n) => `${n} more`,
  congratulations: 'You are now',
  factorNow: (factor) => `Points ${factor} from now on`,
  fine: 'Great',
  like: 'Like',
  comment: 'Comment',
  comments: 'Comments',
  say: 'Say something…',
  send: 'Send',
  copied: 'Link copied, send it to a friend',
  notSent: 'Not sent, please try again shortly',
  spokenGain: (points, counts) => `Plus ${points} points, ${counts}`,
  spokenTimes: (action, n) => unitsOf(action, n, 'en'),
  comma: ', ',
}

export const STRINGS: Record<Lang, OverlayStrings> = { zh, en }
