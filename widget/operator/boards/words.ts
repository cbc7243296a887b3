/** Words of the page of weekly boards. */

import type { Lang } from '../../ui/lang.ts'

const zh = {
  title: '周榜',
  lead: '周一零点到周日结束，几秒更新一次；结束五分钟后封榜发奖，每人一次。冻结的账户不上榜。',
  edit: '改规则',
  none: '规则里还没有周榜。',
  noneThen: '那一周没有封榜的榜单。',
  now: '本周',
  before: '前一周',
  after: '后一周',
  weekOf: (day: string) => `${day} 起的一周`,
  running: '进行中',
  closed: '已封榜',
  people: (n: string) => `${n} 人有积分`,
  empty: '还没有人上榜。',
  rank: '名次',
  who: '观众',
  points: '积分',
  prize: '奖励',
  star: (title: string) => `徽章「${title}」`,
}
export type BoardWords = typeof zh

const en: BoardWords = {
  title: 'Weekly boards',
  lead: 'From Monday to Sunday, some seconds old; closed and paid five minutes after the end, each once. Frozen accounts have no place.',
  edit: 'Change',
  none: 'The rules have no weekly board yet.',
  noneThen: 'No board of that week was closed.',
  now: 'This week',
  before: 'Week before',
  after: 'Week after',
  weekOf: (day) => `Week from ${day}`,
  running: 'running',
  closed: 'closed',
  people: (n) => `${n} accounts earned points`,
  empty: 'Nobody has a place yet.',
  rank: 'Place',
  who: 'Viewer',
  points: 'Points',
  prize: 'Prize',
  star: (title) => `Badge “${title}”`,
}

export const WORDS: Record<Lang, BoardWords> = { zh, en }
