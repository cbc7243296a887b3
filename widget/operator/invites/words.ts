/** Words of held invites. */

import type { Suspicion } from '../../../shared/invites.ts'
import type { Lang } from '../../ui/lang.ts'

const zh = {
  title: '邀请核实',
  lead: '看起来不像真好友的邀请先不发积分，由人判断；阈值在规则手册里。',
  none: '没有待核实的邀请。',
  more: '还有更多：判断这里的之后会列出。',
  busy: '待核实的邀请太多，还没有轮到本品牌的；请稍后再看。',
  inviter: '邀请人',
  frozen: '已冻结',
  frozenWhy: '账户已冻结：判断之后还要在「查观众」里解冻。',
  points: (n: string) => `${n} 分待到账`,
  why: {
    network: '同一网络的好友过多',
    burst: '短时间内好友过多',
    idle: '之前的好友来过就走',
  } satisfies Record<Suspicion, string>,
  real: '属实，发放',
  fake: '不算',
  noneReal: (n: string) => `${n} 个都不算`,
  noneRealSure: '确认都不算',
  didReal: '已按约定发放',
  didFake: '已取消，不发放',
}
export type InviteWords = typeof zh

const en: InviteWords = {
  title: 'Invites to look at',
  lead: 'Friends who look made up are paid only when somebody says so; the thresholds are in the rulebook.',
  none: 'No invites wait to be looked at.',
  more: 'There are more: they are listed when these are judged.',
  busy: 'So many invites wait on the whole platform that those of this brand are not listed yet; look again later.',
  inviter: 'Invited by',
  frozen: 'Frozen',
  frozenWhy: 'The account stays frozen until you unfreeze it under Viewers.',
  points: (n) => `${n} points pending`,
  why: {
    network: 'Too many friends on one network',
    burst: 'Too many friends at once',
    idle: 'Earlier friends came once and left',
  },
  real: 'Real, pay',
  fake: 'Not real',
  noneReal: (n) => `None of the ${n} is real`,
  noneRealSure: 'Sure: none is paid',
  didReal: 'Paid as promised',
  didFake: 'Dropped, nothing is paid',
}

export const WORDS: Record<Lang, InviteWords> = { zh, en }
