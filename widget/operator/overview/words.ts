/** Words of the overview. */

import type { Lang } from '../../ui/lang.ts'

const zh = {
  title: '看板',
  brand: '本品牌',
  totals: '积分守恒',
  holds: '三数相符，一分不差',
  broken: '对不上，差',
  came: '累计发放与转入',
  here: '现在账上',
  gone: '已离开账户',
  worth: (yuan: string) => `合 ¥${yuan}`,
  equation: '累计 = 账上 + 离开',
  parts: {
    issued: '发放',
    transferredIn: '转入',
    spendable: '可用',
    session: '仅限本场',
    pending: '待到账',
    held: '占用',
    frozen: '冻结',
    spent: '已用',
    expired: '到期',
    revoked: '收回',
    transferredOut: '转出',
  },
  used: (percent: string) => `${percent} 是用掉的`,
  rooms: '正在直播',
  roomsNone: '现在没有直播',
  roomsMore: '看更多直播间',
  roomsRest: (n: string) => `另有 ${n} 个观众更少的直播间`,
  roomsHead: ['直播间', '热度', '观众', '一分钟内互动', '本场发放'],
  lv: (level: number) => `Lv.${level}`,
  silent: '静画中',
  settlement: '联盟结算',
  settlementNone: '各品牌互不相欠',
  settlementHead: ['欠方', '应付给', '积分', '金额'],
  today: (n: number) => (n === 0 ? '今天没有要处理的事' : `今天要看的 ${n} 件事`),
  calm: '库存、回调、飘屏都正常。',
  low: (title: string, left: string) => `${title} · 只剩 ${left} 份`,
  soldOut: (title: string) => `${title} · 已兑完`,
  more: (n: string) => `另有 ${n} 件奖品要补货`,
  held: (n: string) => `${n} 个邀请待核实`,
  heldDo: '去核实',
  restock: '补货',
  dead: (n: string) => `${n} 封回调没有送到`,
  deadDo: '查看',
  asks: (room: string, n: string) => `${room}有 ${n} 条飘屏等主播通过`,
}

export type OverviewWords = typeof zh

const en: OverviewWords = {
  title: 'Overview',
  brand: 'This brand',
  totals: 'Conservation',
  holds: 'The three add up to the point',
  broken: 'They do not add up, by',
  came: 'Earned and received, ever',
  here: 'In accounts now',
  gone: 'Left the accounts',
  worth: (yuan) => `worth ¥${yuan}`,
  equation: 'earned = in accounts + left',
  parts: {
    issued: 'earned',
    transferredIn: 'received',
    spendable: 'spendable',
    session: 'this live',
    pending: 'pending',
    held: 'held',
    frozen: 'frozen',
    spent: 'spent',
    expired: 'expired',
    revoked: 'taken back',
    transferredOut: 'given',
  },
  used: (percent) => `${percent} of it spent`,
  rooms: 'Live now',
  roomsNone: 'Nobody is live',
  roomsMore: 'More rooms',
  roomsRest: (n) => `${n} more rooms with fewer viewers`,
  roomsHead: ['Room', 'Heat', 'Audience', 'Active, last minute', 'Earned in this live'],
  lv: (level) => `Lv.${level}`,
  silent: 'silenced',
  settlement: 'Coalition settlement',
  settlementNone: 'No brand owes another',
  settlementHead: ['Owes', 'To', 'Points', 'Amount'],
  today: (n) =>
    n === 0
      ? 'Nothing to look at today'
      : n === 1
        ? 'One thing for today'
        : `${n} things for today`,
  calm: 'Stock, webhooks and broadcasts are fine.',
  low: (title, left) => `${title}: ${left} left`,
  soldOut: (title) => `${title}: all gone`,
  more: (n) => `${n} more rewards to restock`,
  held: (n) => `${n} invites to look at`,
  heldDo: 'Look at them',
  restock: 'Restock',
  dead: (n) => (n === '1' ? '1 webhook call did not arrive' : `${n} webhook calls did not arrive`),
  deadDo: 'Look',
  asks: (room, n) =>
    `${room}: ${n === '1' ? '1 broadcast waits' : `${n} broadcasts wait`} for the host`,
}

export const WORDS: Record<Lang, OverviewWords> = { zh, en }
