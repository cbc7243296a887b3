/** The words of team tasks in the sheet. */

import type { ErrorCode } from '../../shared/errors.ts'
import type { TeamAction } from '../../shared/teams.ts'
import type { Lang } from '../ui/lang.ts'

const zh = {
  title: '组队任务',
  goal: (action: TeamAction, n: string) =>
    ({
      watch: `合力看直播 ${n} 分钟`,
      comment: `合力评论 ${n} 条`,
      like: `合力点赞 ${n} 次`,
      share: `合力分享 ${n} 次`,
    })[action],
  pays: (points: string) => `每人 +${points} 分`,
  size: (min: number, max: number) => (min === max ? `${min} 人` : `${min}–${max} 人`),
  most: (most: string, least: string) => `一人最多算 ${most}，满 ${least} 有奖`,
  ends: (left: string) => `${left}后结束`,
  open: '我来开队',
  full: '本期名额已满',
  code: '组队码',
  enter: '输入好友的组队码',
  join: '加入队伍',
  invited: '好友邀你组队，一起拿积分',
  accept: '加入好友的队伍',
  invite: '邀好友',
  you: '我',
  free: '等好友加入',
  missing: (n: number) => `还差 ${n} 人`,
  left: (n: string) => `还差 ${n}`,
  reached: '达成！',
  paying: '发放中',
  short: (n: string) => `再 ${n} 有奖`,
  leave: '退出',
  sure: '确定退出（带走自己的贡献）',
  noCode: '组队码是 10 位字母和数字',
  unread: '暂时读不到，请稍后再试',
  refused: {
    not_found: '没有这个队伍',
    task_closed: '这个队伍已经达成或结束了',
    rate_limited: '试得太快了，请稍等',
  } as Partial<Record<ErrorCode, string>>,
  limits: {
    team: '你已经在另一个队里了',
    size: '这个队已经满员',
    network: '这个队里来自同一网络的人太多了',
    person: '你的另一个账户已经在这个队里',
    budget: '本期名额已满',
  } as Record<string, string>,
  failed: '没有成功，请再试一次',
}
export type TeamStrings = typeof zh

const en: TeamStrings = {
  title: 'Team tasks',
  goal: (action, n) =>
    ({
      watch: `Watch ${n} minutes together`,
      comment: `Write ${n} comments together`,
      like: `Like ${n} times together`,
      share: `Share ${n} times together`,
    })[action],
  pays: (points) => `+${points} points each`,
  size: (min, max) => (min === max ? `${min} people` : `${min}–${max} people`),
  most: (most, least) => `at most ${most} count for one, paid from ${least} on`,
  ends: (left) => `ends in ${left}`,
  open: 'Open a team',
  full: 'No more teams this time',
  code: 'Team code',
  enter: "A friend's team code",
  join: 'Join team',
  invited: 'A friend asks you to team up for points',
  accept: "Join the friend's team",
  invite: 'Invite',
  you: 'You',
  free: 'Waiting for a friend',
  missing: (n) => `${n} more ${n === 1 ? 'person' : 'people'}`,
  left: (n) => `${n} to go`,
  reached: 'Reached!',
  paying: 'On its way',
  short: (n) => `${n} more to be paid`,
  leave: 'Leave',
  sure: 'Leave (your part goes with you)',
  noCode: 'A team code has 10 letters and digits',
  unread: 'Cannot be read now, try again later',
  refused: {
    not_found: 'There is no such team',
    task_closed: 'That team is done or over',
    rate_limited: 'Too fast, wait a moment',
  },
  limits: {
    team: 'You are in another team',
    size: 'That team is full',
    network: 'Too many of that team come from one network',
    person: 'Another account of yours is in that team',
    budget: 'No more teams this time',
  },
  failed: 'That did not work, try again',
}

export const TEAM_STRINGS: Record<Lang, TeamStrings> = { zh, en }
