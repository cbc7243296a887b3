/** Multipliers of actions in words. Free of zod. */

import type { Action } from '../receipt.ts'
import { ACTION_LABELS, type Lang, listed, timesOf } from './labels.ts'

/** "comment and share ×2, watching ×0.5": what weighs alike stands together, the heaviest first; what is unchanged is not named. */
export function factorsText(factors: Partial<Record<Action, number>>, lang: Lang): string {
  const groups = new Map<number, string[]>()
  for (const [action, factor] of Object.entries(factors) as [Action, number][]) {
    if (factor === 1) continue
    const name = lang === 'zh' ? ACTION_LABELS[action].zh : ACTION_LABELS[action].en.toLowerCase()
    groups.set(factor, [...(groups.get(factor) ?? []), name])
  }
  return [...groups]
    .sort(([a], [b]) => b - a)
    .map(([factor, names]) => `${listed(names, lang)} ${timesOf(factor * 1000)}`)
    .join(lang === 'zh' ? '，' : ', ')
}
