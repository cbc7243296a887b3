/** The words of fan clubs in the sheet. */

import type { ClubAction } from '../../shared/clubs.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import type { Lang } from '../ui/lang.ts'

const zh = {
  title: '主播粉丝团',
  platform: '平台等级',
  club: '粉丝团',
  more: (n: string, rung: string) => `再得 ${n} 升${rung}`,
  gain: (n: string) => `，平台成长值 +${n}`,
  top: '已是最高级',
  today: (n: string, most: string) => `今日 ${n}/${most}`,
  what: (names: string) => `看直播、互动升级：${names}`,
  join: '加入',
  price: (points: string) => `${points} 分`,
  joining: '加入中…',
  leave: '退出',
  sure: '确定退出（成长值保留）',
  task: (action: ClubAction, goal: string) =>
    ({
      watch: `看直播 ${goal} 分钟`,
      comment: `评论 ${goal} 条`,
      like: `点赞 ${goal} 次`,
      share: `分享 ${goal} 次`,
      order: `下单 ${goal} 笔`,
    })[action],
  left: (n: string, ends: string) => `剩 ${n} 份 · ${ends}后结束`,
  soon: '即将开始',
  paying: '发放中',
  full: '已抢完',
  done: '已完成',
  only: '加入后可做',
  unread: '暂时读不到，请稍后再试',
  refused: {
    points_short: '积分不够',
    points_elsewhere: '这里能用的积分不够',
    club_limit: '加入的粉丝团已经够多了',
    account_frozen: '账户被冻结，暂时不能加入',
  } as Partial<Record<ErrorCode, string>>,
  failed: '没有成功，请再试一次',
}
export type ClubStrings = typeof zh

const en: ClubStrings = {
  title: 'Fan club of the host',
  platform: 'Platform',
  club: 'Club',
  more: (n, rung) => `${n} more for ${rung}`,
  gain: (n) => `, +${n} growth on the platform`,
  top: 'The highest rank',
  today: (n, most) => `${n}/${most} today`,
  what: (names) => `Watch and take part to rise: ${names}`,
  join: 'Join',
  price: (points) => `${points} points`,
  joining: 'Joining…',
  leave: 'Leave',
  sure: 'Leave (growth is kept)',
  task: (action, goal) => {
    const one = goal === '1'
    return {
      watch: `Watch for ${goal} ${one ? 'minute' : 'minutes'}`,
      comment: `Write ${goal} ${one ? 'comment' : 'comments'}`,
      like: `Like ${goal} ${one ? 'time' : 'times'}`,
      share: `Share ${goal} ${one ? 'time' : 'times'}`,
      order: `Place ${goal} ${one ? 'order' : 'orders'}`,
    }[action]
  },
  left: (n, ends) => `${n} left · ends in ${ends}`,
  soon: 'Begins in a moment',
  paying: 'On its way',
  full: 'All taken',
  done: 'Done',
  only: 'For members',
  unread: 'Cannot be read now, try again later',
  refused: {
    points_short: 'Not enough points',
    points_elsewhere: 'Too few points that are good here',
    club_limit: 'You are in as many clubs as allowed',
    account_frozen: 'The account is frozen, joining has to wait',
  },
  failed: 'That did not work, try again',
}

export const CLUB_STRINGS: Record<Lang, ClubStrings> = { zh, en }
