/** The words of the host's fan club. */

import type { ClubAction } from '../../shared/clubs.ts'
import type { Lang } from '../ui/index.ts'

const zh = {
  title: '粉丝团',
  none: '规则里还没有粉丝团。',
  noTasks: '规则里没有给粉丝团任务的预算。',
  members: (n: string) => `${n} 位成员`,
  running: '团任务',
  empty: '还没有写过任务',
  write: '写一个任务',
  actions: {
    watch: '看直播',
    comment: '评论',
    like: '点赞',
    share: '分享',
    order: '下单',
  } as Record<ClubAction, string>,
  task: (action: ClubAction, goal: string) =>
    ({
      watch: `看直播 ${goal} 分钟`,
      comment: `评论 ${goal} 条`,
      like: `点赞 ${goal} 次`,
      share: `分享 ${goal} 次`,
      order: `下单 ${goal} 笔`,
    })[action],
  pays: (points: string, places: string) => `前 ${places} 名各 ${points} 分`,
  taken: (n: string) => `${n} 人已得`,
  over: '已结束',
  soon: '即将开始',
  field: { goal: '目标', points: '每人积分', places: '名额', minutes: '时长' },
  goalIn: (action: ClubAction, n: string) => (action === 'watch' ? `${n} 分钟` : n),
  span: (minutes: number) =>
    minutes < 60
      ? `${minutes} 分钟`
      : minutes < 1440
        ? `${minutes / 60} 小时`
        : `${minutes / 1440} 天`,
  cost: (most: string, left: string) => `最多发 ${most} 分，今天还可以承诺 ${left} 分`,
  tooMuch: (left: string) => `超过今天剩下的 ${left} 分`,
  budget: '超过本场直播剩下的预算',
}
export type ClubWords = typeof zh

const plural = (n: string, one: string, many: string): string => `${n} ${n === '1' ? one : many}`

const en: ClubWords = {
  title: 'Fan club',
  none: 'The rules have no fan clubs yet.',
  noTasks: 'The rules give no points to tasks of fan clubs.',
  members: (n) => plural(n, 'member', 'members'),
  running: 'Club tasks',
  empty: 'No task was written yet',
  write: 'Write a task',
  actions: { watch: 'Watch', comment: 'Comment', like: 'Like', share: 'Share', order: 'Order' },
  task: (action, goal) =>
    ({
      watch: `Watch for ${plural(goal, 'minute', 'minutes')}`,
      comment: `Write ${plural(goal, 'comment', 'comments')}`,
      like: `Like ${plural(goal, 'time', 'times')}`,
      share: `Share ${plural(goal, 'time', 'times')}`,
      order: `Place ${plural(goal, 'order', 'orders')}`,
    })[action],
  pays: (points, places) => `${points} points each for the first ${places}`,
  taken: (n) => `${n} paid`,
  over: 'over',
  soon: 'begins in a moment',
  field: { goal: 'Goal', points: 'Points each', places: 'Places', minutes: 'Runs for' },
  goalIn: (action, n) => (action === 'watch' ? `${n} min` : n),
  span: (minutes) =>
    minutes < 60 ? `${minutes} min` : minutes < 1440 ? `${minutes / 60} h` : `${minutes / 1440} d`,
  cost: (most, left) => `Pays ${most} points at most; ${left} may still be promised today`,
  tooMuch: (left) => `More than the ${left} points that are left for today`,
  budget: 'More than is left of the budget of this live',
}

export const CLUB_WORDS: Record<Lang, ClubWords> = { zh, en }
