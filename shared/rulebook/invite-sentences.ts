/** What a rulebook says about invites, in sentences. */

import type { InviteGuard, InvitePolicy, InviteStep } from './invite.ts'
import { growthOf, type Lang, listed, pointsOf } from './labels.ts'

export const STEP_LABELS = {
  registers: { zh: '注册', en: 'registers' },
  watches: { zh: '看满时长', en: 'reaches a watching goal' },
  orders: { zh: '下单', en: 'orders' },
} as const satisfies Record<InviteStep, Record<Lang, string>>

/** Undefined where the rulebook pays no invites. */
export function inviteSentence(invite: InvitePolicy | undefined, lang: Lang): string | undefined {
  if (!invite) return undefined
  const { points, growth, invitedPoints, withinDays, newOnly, perDay, perLife } = invite
  const todo = invite.due.map((step) => STEP_LABELS[step][lang])
  const steps = lang === 'zh' ? todo.join('并') : listed(todo, lang)
  const gains = [pointsOf(points, lang), growth > 0 && growthOf(growth, lang)]
    .filter(Boolean)
    .join(lang === 'zh' ? '和 ' : ' and ')
  const friend = pointsOf(invitedPoints, lang)
  if (lang === 'zh')
    return [
      `邀请一位${newOnly ? '新' : ''}朋友得 ${gains}，朋友 ${withinDays} 天内${steps}后到账`,
      ...(invitedPoints > 0 ? [`朋友另得 ${friend}`] : []),
      `每天最多邀请 ${perDay} 位，一共 ${perLife} 位`,
      ...(invite.guard ? [guardSentence(invite.guard, lang)] : []),
    ].join('，')
  return [
    `An invited ${newOnly ? 'new ' : ''}friend brings ${gains}, due when the friend ${steps} within ${withinDays} days`,
    ...(invitedPoints > 0 ? [`the friend gets ${friend}`] : []),
    `at most ${perDay} friends a day and ${perLife} in all`,
    ...(invite.guard ? [guardSentence(invite.guard, lang)] : []),
  ].join(', ')
}

function guardSentence({ sameNetwork, burst, idle, freezeAt }: InviteGuard, lang: Lang): string {
  const { friends, percent, minutes } = idle
  if (lang === 'zh')
    return [
      `同一网络第 ${sameNetwork} 位起、${burst.minutes} 分钟内 ${burst.friends} 位、或 ${friends} 位以上好友中 ${percent}% 只来过一天且观看不超过 ${minutes} 分钟的邀请先由人工核实`,
      ...(freezeAt === undefined ? [] : [`${freezeAt} 位同时有两种情况的冻结账户`]),
    ].join('，')
  return [
    `looked at by people first: from ${sameNetwork} friends on one network on, ${burst.friends} within ${burst.minutes} minutes, or where of ${friends} or more friends ${percent}% came on one day only and watched no more than ${minutes} minutes`,
    ...(freezeAt === undefined
      ? []
      : [`${freezeAt} friends for whom two of these hold freeze the inviter`]),
  ].join(', ')
}
