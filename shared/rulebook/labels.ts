/** What actions, reasons and amounts are called, in both languages; small, because the overlay carries it. */

import type { Action } from '../receipt.ts'

export type Lang = 'zh' | 'en'

interface ActionLabel {
  /** Name as it stands beside an amount. */
  zh: string
  en: string
  /** Chinese measure word of one unit. */
  measure: string
  /** English name of one unit and of many. */
  one: string
  many: string
}

type English = [name: string, one?: string, many?: string]

const label = (
  zh: string,
  measure: string,
  ...[en, one = en.toLowerCase(), many = `${one}s`]: English
): ActionLabel => ({ zh, measure, en, one, many })

export const ACTION_LABELS: Record<Action, ActionLabel> = {
  like: label('点赞', '次', 'Like'),
  comment: label('评论', '条', 'Comment'),
  question: label('提问', '个', 'Question'),
  watch: label('观看', '次', 'Watching', 'watch goal'),
  share: label('分享', '次', 'Share'),
  browse: label('浏览商品', '次', 'Product view'),
  vote: label('投票', '次', 'Vote'),
  sign_in: label('签到', '次', 'Check-in'),
  join: label(
    '参与活动',
    '次',
    'Taking part',
    'draw or flash sale joined',
    'draws and flash sales joined',
  ),
  follow: label('关注', '次', 'Follow'),
  invite: label('邀请好友', '位', 'Invitation', 'invited friend'),
  register: label('注册', '次', 'Registration'),
  purchase: label('消费', '元', 'Purchase', 'yuan spent', 'yuan spent'),
  order: label('下单', '单', 'Order', 'paid order'),
  review: label('带图评价', '条', 'Photo review'),
  spotlight: label('优质评论', '条', 'Top comment'),
  task: label('任务', '个', 'Task'),
  deed: label('公益行动', '次', 'Good deed'),
}

/** A number as people write it, at most three decimals and no trailing zeros. */
export const plain = (n: number): string => String(Math.round(n * 1000) / 1000)

/** `×1.5` from 1500 thousandths. */
export const timesOf = (milli: number): string => `×${plain(milli / 1000)}`

/** "a, b and c", "a、b、c". */
export function listed(parts: readonly string[], lang: Lang): string {
  if (lang === 'zh') return parts.join('、')
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`
}

/** `20 likes`, `20 次`. */
export function unitsOf(action: Action, n: number, lang: Lang): string {
  const { measure, one, many } = ACTION_LABELS[action]
  return lang === 'zh' ? `${plain(n)} ${measure}` : `${plain(n)} ${n === 1 ? one : many}`
}

export function pointsOf(n: number, lang: Lang): string {
  return lang === 'zh' ? `${plain(n)} 积分` : `${plain(n)} ${n === 1 ? 'point' : 'points'}`
}

export const growthOf = (n: number, lang: Lang): string =>
  `${plain(n)} ${lang === 'zh' ? '成长值' : 'growth'}`
