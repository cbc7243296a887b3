/** Words of the page of fan clubs. What a task asks is said as its host reads it. */

import type { Lang } from '../../ui/lang.ts'

const zh = {
  title: '粉丝团',
  lead: '每位主播一个团。任务由主播写，运营可以提前结束。',
  edit: '改规则',
  off: '规则里还没有粉丝团。',
  none: '还没有人打开过粉丝团。',
  cut: '直播间太多，后面的没有列出。',
  hostOf: (host: string) => `主播 ${host}`,
  noHost: '没有主播',
  left: (n: string) => `今天还可以承诺 ${n} 分`,
  tasks: '任务',
  noTasks: '最近没有任务',
  until: (when: string) => `到 ${when}`,
  paid: (points: string) => `已发 ${points} 分`,
  end: '提前结束',
  endSure: '确认结束',
  endWhat: '已经达标的照常发放',
  didEnd: '任务已结束',
}
export type ClubPageWords = typeof zh

const en: ClubPageWords = {
  title: 'Fan clubs',
  lead: 'One for each host. Hosts write the tasks; you may end one early.',
  edit: 'Change the rules',
  off: 'The rules have no fan clubs yet.',
  none: 'Nobody has opened a fan club yet.',
  cut: 'There are more rooms than are listed here.',
  hostOf: (host) => `Host ${host}`,
  noHost: 'No host',
  left: (n) => `${n} points may still be promised today`,
  tasks: 'Tasks',
  noTasks: 'No tasks in the last days',
  until: (when) => `until ${when}`,
  paid: (points) => `${points} points paid`,
  end: 'End it now',
  endSure: 'Sure: end it',
  endWhat: 'Who has reached it is paid',
  didEnd: 'The task is over',
}

export const WORDS: Record<Lang, ClubPageWords> = { zh, en }
