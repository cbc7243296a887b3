/** How rungs are kept, written from tiers/SPEC.md (TI6 to TI8) for the scoring model. */

import { dayStartMs } from '../../shared/time.ts'
import { dayOf, type ModelAccount } from './account.model.ts'
import type { ModelContext } from './earn.model.ts'
import type { GrowthEntry } from './journal.ts'

type Told = Omit<GrowthEntry, 'account' | 'version'>
const TOLD = { ladder: 1, growth: 0, ref: '' }

interface When {
  nowMs: number
  book: ModelContext['room']['book']
}

/** [TI11] The highest rung that points ever earned reach. */
export const rungByPoints = ({ earned }: ModelAccount, { book }: Pick<When, 'book'>): number =>
  Math.max(
    0,
    book.ladder.rungs.findLastIndex(
      ({ lifetimePoints }) => lifetimePoints !== undefined && earned >= BigInt(lifetimePoints),
    ),
  )

function askedOf(account: ModelAccount, { book }: When): number {
  const { rung } = account
  const { demotion, ladder } = book
  const at = ladder.rungs[rung]
  // [TI12]
  if (rungByPoints(account, { book }) >= rung) return 0
  if (demotion.kind !== 'grace' || rung === 0 || !at) return 0
  if (at.growth === undefined) return 0
  return at.keep ?? Math.ceil(at.growth * demotion.share)
}

/** [TI6] */
export function beginWindow(account: ModelAccount, when: When): void {
  const { book, nowMs } = when
  const asks = askedOf(account, when)
  account.window = undefined
  if (asks === 0 || book.demotion.kind !== 'grace') return
  const { windowDays, warnDays } = book.demotion
  const ends = dayOf(nowMs, book.timeZone) + windowDays + 1
  account.window = {
    rung: account.rung,
    warned: false,
    asked: Math.floor(Number(account.growth) / 1000) + asks,
    warnsAtMs: dayStartMs(ends - warnDays, book.timeZone),
    endsAtMs: dayStartMs(ends, book.timeZone),
  }
}

/** [TI7] Before anything is scored; answers what is told of it. */
export function keepRung(account: ModelAccount, when: When): Told | undefined {
  const { book, nowMs } = when
  const { window } = account
  if (account.rung === 0) return undefined
  if (!window || window.rung !== account.rung || askedOf(account, when) === 0) {
    beginWindow(account, when)
    return undefined
  }
  if (nowMs < window.warnsAtMs) return undefined
  const growth = Math.floor(Number(account.growth) / 1000)
  if (growth >= window.asked || account.frozen) {
    if (nowMs >= window.endsAtMs) beginWindow(account, when)
    return undefined
  }
  const warnDays = book.demotion.kind === 'grace' ? book.demotion.warnDays : 0
  if (!window.warned) {
    window.warned = true
    const least = dayStartMs(dayOf(nowMs, book.timeZone) + warnDays, book.timeZone)
    window.endsAtMs = Math.max(window.endsAtMs, least)
    const subject = `${window.rung} ${window.asked - growth} ${window.endsAtMs}`
    return { ...TOLD, cause: 'tier_warned', rung: window.rung, from: window.rung, subject }
  }
  if (nowMs < window.endsAtMs) return undefined
  // [TI8]
  const lost = book.ladder.rungs[account.rung]
  const below = book.ladder.rungs.slice(0, account.rung).findLast((one) => one.growth !== undefined)
  const missing = window.asked - growth
  const left = Math.min(growth, Math.max(below?.growth ?? 0, (lost?.growth ?? 0) - missing))
  account.growth -= BigInt(growth - left) * 1000n
  account.rung -= 1
  beginWindow(account, when)
  return {
    ...TOLD,
    cause: 'tier_fell',
    rung: window.rung - 1,
    from: window.rung,
    growth: left - growth,
    subject: `${window.rung} ${missing} 0`,
  }
}
