/** Levels of the brown-out, and what the rulebook says about the cap. Free of zod. */

import type { EconomyPolicy } from './economy.ts'
import type { IssuancePolicy } from './issuance.ts'
import { type Lang, plain, timesOf } from './labels.ts'

/** How the platform's issuance stands. */
export interface IssuanceUse {
  /** Points issued in the period. */
  used: number
  /** The cap in points; undefined while none binds. */
  most: number | undefined
  /** The level that was set by hand or by an alarm; 0 is none. */
  set: number
}

const SHARE_PARTS = 1000

/** The level that holds; 0 is none. By use it follows the cap, by hand whatever was set, and the higher one counts. */
export function brownoutLevel(policy: IssuancePolicy, { used, most, set }: IssuanceUse): number {
  const known = Math.min(set, policy.levels.length)
  if (policy.atCap !== 'brownout' || most === undefined) return known
  const reached = policy.levels.filter(
    ({ from }) => used * SHARE_PARTS >= most * Math.round(from * SHARE_PARTS),
  ).length
  return Math.max(known, reached)
}

/** What is left of an award at a level, in thousandths. */
export const brownoutFactor = (policy: IssuancePolicy, level: number): number =>
  Math.round((policy.levels[level - 1]?.factor ?? 1) * 1000)

/** What viewers are told; undefined where nothing binds. */
export function issuanceSentence(policy: IssuancePolicy, lang: Lang): string | undefined {
  const { atCap, ratio, period, levels } = policy
  if (atCap === 'off') return undefined
  const percent = `${plain(ratio * 100)}%`
  const shrinks = levels.map(({ from, factor }) => [
    `${plain(from * 100)}%`,
    timesOf(factor * 1000),
  ])
  if (lang === 'zh') {
    const cap = `平台${period === 'year' ? '每年' : '每 365 天'}发放的积分，总价值不超过销售额的 ${percent}，发满后不再发放`
    const less = shrinks.map(([from, times]) => `用到 ${from} 时积分 ${times}`)
    return atCap === 'brownout' ? `${cap}；${less.join('，')}` : cap
  }
  const cap = `All points issued in ${period === 'year' ? 'a year' : '365 days'} are worth at most ${percent} of sales; beyond that none are issued`
  const less = shrinks.map(([from, times]) => `from ${from} used awards are ${times}`)
  return atCap === 'brownout' ? `${cap}; ${less.join(', ')}` : cap
}

/** What inflation does by itself; undefined where it does nothing. */
export function alarmSentence(
  { issuance, economy }: { issuance: IssuancePolicy; economy: EconomyPolicy },
  lang: Lang,
): string | undefined {
  if (!issuance.byAlarm) return undefined
  const { warn, critical } = economy.inflation
  const cuts = [warn, critical].map((line, i) => {
    const factor = issuance.levels[Math.min(i, issuance.levels.length - 1)]?.factor ?? 1
    return [`${plain(line * 100)}%`, timesOf(factor * 1000)]
  })
  return lang === 'zh'
    ? cuts.map(([line, times]) => `积分通胀超过 ${line} 时，积分 ${times}`).join('；')
    : cuts
        .map(([line, times]) => `While points inflate by more than ${line}, awards are ${times}`)
        .join('; ')
}
