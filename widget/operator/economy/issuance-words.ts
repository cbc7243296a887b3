/** Words of the platform's issuance. */

import type { Lang } from '../../ui/lang.ts'

const zh = {
  title: '平台发放',
  since: (date: string, sales: string) => `${date} 起 · 销售额 ¥${sales}`,
  open: '已发放，目前没有上限：规则手册关掉了它，或还没有品牌报过销售额',
  of: (cap: string, left: string) => `上限 ${cap} 分，还能发 ${left} 分`,
  shrinks: (from: string, factor: number) => `${from} 起 ×${factor}`,
  binds: (at: string) => `上限从 ${at} 起生效`,
  level: (n: number) => `降档 ${n} 级`,
  leaves: (factor: number) => `所有按规则发放的积分 ×${factor}`,
  byUse: '用量到了这一档，会自己恢复',
  alarm: '通胀警报',
  set: '手动降档',
  none: '不降档',
  choice: (n: number, factor: number) => `${n} 级 ×${factor}`,
  why: '原因',
  everywhere: '两秒内所有房间生效。观众的每笔积分都会写明。',
  end: '结束手动降档',
  sure: (n: number) => `降到 ${n} 级`,
  didEnd: '手动降档已结束',
  didSet: (n: number) => `已降到 ${n} 级`,
}

type IssuanceWords = typeof zh

const en: IssuanceWords = {
  title: 'Issued by the platform',
  since: (date, sales) => `since ${date} · sales ¥${sales}`,
  open: 'points; nothing bounds them now: the rulebook has no cap, or no brand has reported sales',
  of: (cap, left) => `of at most ${cap} points, ${left} left`,
  shrinks: (from, factor) => `from ${from} ×${factor}`,
  binds: (at) => `The cap binds from ${at} on`,
  level: (n) => `Brown-out ${n}`,
  leaves: (factor) => `all awards by rules ×${factor}`,
  byUse: 'Use has come so far; it goes by itself',
  alarm: 'Inflation alarm',
  set: 'Brown-out',
  none: 'None',
  choice: (n, factor) => `Level ${n} ×${factor}`,
  why: 'Reason',
  everywhere: 'In all rooms within two seconds. Each award says so to its viewer.',
  end: 'End it',
  sure: (n) => `Set level ${n}`,
  didEnd: 'The brown-out set by hand is over',
  didSet: (n) => `Brown-out ${n} is set`,
}

export const ISSUANCE_WORDS: Record<Lang, IssuanceWords> = { zh, en }
