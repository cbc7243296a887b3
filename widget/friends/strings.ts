/** The words of inviting; they come with its script. */

import type { Lang } from '../ui/lang.ts'

const zh = {
  inviteTitle: '邀请好友',
  invite: '邀请',
  inviteBrings: (todo: string, points: string) => `新好友${todo}后得 ${points} 分`,
  inviteFriendGets: (points: string) => `好友也得 ${points} 分`,
  inviteLeft: (n: number) => `今日还可邀 ${n} 位`,
  inviteFull: '今日名额已满',
  friendCame: (clock: string) => `${clock} 到来的好友`,
  friendPending: (todo: string) => `还差：${todo}`,
  friendHeld: '已完成，人工核实中',
  friendDone: '已到账',
  friendLapsed: '已过期，未完成',
  friendRefused: {
    known: '未计入：以前来过，不是新人',
    taken: '未计入：由别人邀请而来',
    perDay: '未计入：当日名额已满',
    perLife: '未计入：总名额已满',
    judged: '未计入：核实未通过',
  },
  friendsMore: (n: number) => `更早还有 ${n} 位`,
  and: '、',
}
export type FriendStrings = typeof zh

const en: FriendStrings = {
  inviteTitle: 'Invite friends',
  invite: 'Invite',
  inviteBrings: (todo, points) => `+${points} when a new friend ${todo}`,
  inviteFriendGets: (points) => `The friend gets ${points} too`,
  inviteLeft: (n) => `${n} more today`,
  inviteFull: 'No more today',
  friendCame: (clock) => `A friend, ${clock}`,
  friendPending: (todo) => `Still to come: ${todo}`,
  friendHeld: 'All done, being looked at',
  friendDone: 'Credited',
  friendLapsed: 'Not done in time',
  friendRefused: {
    known: 'Not counted: was here before',
    taken: 'Not counted: invited by somebody else',
    perDay: 'Not counted: no more that day',
    perLife: 'Not counted: no more friends',
    judged: 'Not counted after a look',
  },
  friendsMore: (n) => `${n} before these`,
  and: ' and ',
}

export const FRIEND_STRINGS: Record<Lang, FriendStrings> = { zh, en }
