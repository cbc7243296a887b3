/** Words of segments: the page, and the card of one viewer. */

import type { Lang } from '../../ui/lang.ts'

const zh = {
  title: '人群',
  lead: '按行为自动划分，每天更新；改规则后一天内数齐。',
  edit: '改规则',
  none: '规则里还没有人群。',
  offers: '直播间里的专属奖励',
  offersNone: '规则里还没有专属奖励。',
  people: '人',
  nothing: '只统计，不触发',
  of: '所属人群',
  ofNone: '目前不在任何人群里。',
  hours: '常在',
  hour: (n: number) => `${n} 点`,
  rooms: '常看',
}

export type SegmentWords = typeof zh

const en: SegmentWords = {
  title: 'Segments',
  lead: 'Made of what viewers do, looked at daily; right a day after a change of rules.',
  edit: 'Change',
  none: 'The rules have no segments yet.',
  offers: 'Offers in the room',
  offersNone: 'The rules have no offers yet.',
  people: 'people',
  nothing: 'Counted only, sets nothing off',
  of: 'Segments',
  ofNone: 'In none at present.',
  hours: 'Usually at',
  hour: (n) => `${n}:00`,
  rooms: 'Watches',
}

export const WORDS: Record<Lang, SegmentWords> = { zh, en }
