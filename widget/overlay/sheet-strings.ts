/** The words of the sheet; they come with its script. */

import type { Action } from '../../shared/receipt.ts'
import { ACTION_LABELS, type Lang } from '../../shared/rulebook/labels.ts'

const zh = {
  sessionWhy: (n: string) => `其中 ${n} 分仅限本场使用`,
  done: '已完成',
  centre: '积分中心',
  settings: '设置',
  close: '收起',
  today: '今日',
  history: '明细',
  board: '榜单',
  todayEarned: '今日已得',
  unit: '分',
  untilMidnight: (clock: string) => `${clock} 重新计算`,
  todayLeft: '今日还可领',
  watchFor: (minutes: number, continuous: boolean) =>
    `${continuous ? '连续' : '累计'}观看 ${minutes} 分钟`,
  each: (points: number, action: Action) => `每${ACTION_LABELS[action].measure} ${points} 分`,
  loading: '读取中…',
  unread: '暂时读不到，请稍后再试',
  noHistory: '还没有记录。点个赞试试',
  noBoard: '还没有人上榜',
  older: '更早的记录',
  oldest: '更早的记录已归档，可向客服查询。',
  boardTitle: '本场热心榜',
  you: '您',
  quiet: '安静模式',
  quietWhy: '只留余额，不出现动效和横幅',
  calm: '减少动效',
  calmWhy: '跟随系统，也可单独打开',
  perks: (tier: string) => `${tier}权益`,
  dayPass: '今日体验',
  goThere: '去使用',
  rules: '积分规则',
  rulesWhy: '怎么得积分、上限、倍率和等级',
}

export type SheetStrings = typeof zh

const en: SheetStrings = {
  sessionWhy: (n) => `${n} of them for this live only`,
  done: 'Done',
  centre: 'Points centre',
  settings: 'Settings',
  close: 'Close',
  today: 'Today',
  history: 'History',
  board: 'Board',
  todayEarned: 'Earned today',
  unit: 'points',
  untilMidnight: (clock) => `starts over at ${clock}`,
  todayLeft: 'Still to earn today',
  watchFor: (minutes, continuous) =>
    `Watch ${minutes} minutes ${continuous ? 'in a row' : 'in all'}`,
  each: (points, action) => `${points} per ${ACTION_LABELS[action].one}`,
  loading: 'Reading…',
  unread: 'Cannot be read now, please try again shortly',
  noHistory: 'Nothing yet. Try a like',
  noBoard: 'Nobody is on the board yet',
  older: 'Earlier',
  oldest: 'Older entries are in the archive; support can look them up.',
  boardTitle: 'Top of this live',
  you: 'You',
  quiet: 'Quiet mode',
  quietWhy: 'Balance only, no banners',
  calm: 'Less motion',
  calmWhy: 'Follows the system, can be forced',
  perks: (tier) => `What ${tier} gives`,
  dayPass: 'today only',
  goThere: 'Open',
  rules: 'How points work',
  rulesWhy: 'How to earn, limits, multipliers and tiers',
}

export const SHEET_STRINGS: Record<Lang, SheetStrings> = { zh, en }
