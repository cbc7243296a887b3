/** What a viewer can still earn today: one sum, and a row for each rule that pays. */

import type { AccountState } from '../../shared/account-state.ts'
import type { Action } from '../../shared/receipt.ts'

/** A rule that pays points, as the service publishes it. */
export interface EarnView {
  id: string
  action: Action
  /** Per unit, before multipliers. */
  points: number
  /** Of watching that make one unit. */
  minutes?: number
  continuous?: true
  /** Units that count in a day. */
  perDay?: number
}

export interface EarnRow {
  rule: EarnView
  /** Units that have counted today. */
  used: number
  /** 0 to 100: how far the next unit is, or how much of the day is used up. */
  value: number
  /** Of the next unit, where it is made of minutes. */
  watchedMs: number | undefined
  /** Nothing more counts today. */
  done: boolean
}

export interface Claimable {
  /** At most, before multipliers; rules without a daily cap are not in it. */
  points: number
  rows: EarnRow[]
}

type Account = Pick<AccountState, 'today' | 'live'>

function rowOf(rule: EarnView, { today, live }: Account): EarnRow {
  const used = today.used[rule.id] ?? 0
  const done = rule.perDay !== undefined && used >= rule.perDay
  const unitMs = (rule.minutes ?? 0) * 60_000
  const watchedMs =
    unitMs > 0 ? (rule.continuous ? live.continuousMs : live.watchedMs) % unitMs : undefined
  const share =
    watchedMs !== undefined
      ? watchedMs / unitMs
      : rule.perDay === undefined
        ? 0
        : Math.min(1, used / rule.perDay)
  return { rule, used, value: done ? 100 : share * 100, watchedMs, done }
}

/** `dailyPoints` is the most of a day over all rules. */
export function claimable(
  earn: readonly EarnView[],
  account: Account,
  dailyPoints = Number.POSITIVE_INFINITY,
): Claimable {
  const left = earn.reduce((sum, { id, points, perDay }) => {
    const units = perDay === undefined ? 0 : Math.max(0, perDay - (account.today.used[id] ?? 0))
    return sum + units * points
  }, 0)
  return {
    points: Math.floor(Math.max(0, Math.min(left, dailyPoints - account.today.points))),
    rows: earn.map((rule) => rowOf(rule, account)),
  }
}
