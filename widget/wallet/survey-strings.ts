/** Words of the survey. */

import type { Lang } from '../ui/lang.ts'

const zh = {
  ask: '您愿意向朋友推荐这里的积分吗？',
  score: (score: number) => `${score} 分，满分 10 分`,
  least: '0 不愿意',
  most: '非常愿意 10',
  why: '只统计人数，不显示您是谁。',
  no: '这次不答',
  thanks: '收到了，谢谢您',
}

const en: typeof zh = {
  ask: 'Would you recommend the points here to a friend?',
  score: (score) => `${score} of 10`,
  least: '0 not at all',
  most: 'certainly 10',
  why: 'Only counted, never shown with your name.',
  no: 'Not now',
  thanks: 'Noted, thank you',
}

export const SURVEY_STRINGS: Record<Lang, typeof zh> = { zh, en }
