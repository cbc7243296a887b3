/** What a rulebook says about invites, in sentences. */

import type { InvitePolicy, InviteStep } from './invite.ts'
import { growthOf, type Lang, listed, pointsOf } from './labels.ts'

const STEPS = {
  registers: { zh: '注册', en: 'registers' },
  watches: { zh: '看满时长', en: 'reaches a watching goal' },
  orders: { zh: '下单', en: 'orders' },
} as const satisfies Record<InviteStep, Record<Lang, string>>

/** Undefined where the rulebook pays no invites. */
export function inviteSentence(invite: InvitePolicy | undefined, lang: Lang): string | undefined {
  if (!invite) return undefined
  const { points, growth, invitedPoints, withinDays, newOnly, perDay } = invite
  const todo = invite.due.map((step) => STEPS[step][lang])
  const steps = lang === 'zh' ? todo.join('并') : listed(todo, lang)
  const gains = [pointsOf(points, lang), growth > 0 && growthOf(growth, lang)]
    .filter(Boolean)
    .join(lang === 'zh' ? '和 ' : ' and ')
  const friend = pointsOf(invitedPoints, lang)
  if (lang === 'zh')
    return [
      `邀请一位${newOnly ? '新' : ''}朋友得 ${gains}，朋友 ${withinDays} 天内${steps}后到账`,
      ...(invitedPoints > 0 ? [`朋友另得 ${friend}`] : []),
      `每天最多邀请 ${perDay} 位`,
    ].join('，')
  return [
    `An invited ${newOnly ? 'new ' : ''}friend brings ${gains}, due when the friend ${steps} within ${withinDays} days`,
    ...(invitedPoints > 0 ? [`the friend gets ${friend}`] : []),
    `at most ${perDay} friends a day`,
  ].join(', ')
}
