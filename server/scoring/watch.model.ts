/** Watching, as SPEC.md says it: clocks of client sessions, exclusive attention, goals. */

import type { EarnRule } from '../../shared/rulebook/schema.ts'
import type { ModelAccount, ModelClock } from './account.model.ts'
import { countTasks, payWatchRules, type Turn, warm, zero } from './earn.model.ts'
import type { ScoredAction } from './score.ts'

const EARLY_MS = 250
const NEAREST_MS = 500
const CLOCKS_KEPT = 8

/** [S22] */
function nextBeat(nowMs: number, account: number, beatMs: number): number {
  const phase = account % beatMs
  const next = (Math.floor((nowMs - phase) / beatMs) + 1) * beatMs + phase
  return next - nowMs < NEAREST_MS ? next + beatMs : next
}

const goalMs = (goal: NonNullable<EarnRule['goal']>): number =>
  Math.max(1, Math.round(goal.minutes * 60_000))

/** [S7] Of a visible beat: the grid, or the nearest goal where that comes first. */
function dueOf(t: Turn, account: number): number {
  const { attention, earn } = t.context.room.book
  let due = nextBeat(t.nowMs, account, attention.beatSec * 1000)
  const over = t.nowMs - t.visit.lastCreditMs > attention.maxGapSec * 1000
  for (const { enabled, goal } of earn) {
    if (!enabled || !goal) continue
    const stretch = over ? 0 : t.visit.stretchMs
    const reached = goal.mode === 'continuous' ? stretch : t.visit.watchedMs
    due = Math.min(due, t.nowMs + goalMs(goal) - (reached % goalMs(goal)))
  }
  return due
}

/** [S20] An account keeps eight clocks; another one takes the place of that with the oldest beat. */
function openClock(t: Turn, session: number): ModelClock {
  const own = t.account
  if (own.clocks.length >= CLOCKS_KEPT) {
    const oldest = Math.min(...own.clocks.map((clock) => clock.lastMs))
    const index = own.clocks.findIndex((clock) => clock.lastMs === oldest)
    own.clocks.splice(index, 1)
  }
  const clock = { session, nonce: 0, dueMs: 0, lastMs: 0 }
  own.clocks.push(clock)
  return clock
}

/** [S24] The time since the clock's last beat that no clock was credited for. */
function uncredited(own: ModelAccount, clock: ModelClock, nowMs: number): number {
  const since = Math.max(clock.lastMs, own.lastCreditMs)
  const from = Math.max(clock.lastMs, own.gap.fromMs)
  const missed = Math.max(0, own.gap.toMs - from)
  if (missed > 0) own.gap = { fromMs: own.gap.fromMs, toMs: from }
  if (since > own.lastCreditMs && nowMs > since) own.gap = { fromMs: own.lastCreditMs, toMs: since }
  return nowMs - since + missed
}

/** One heartbeat. */
export function watch(
  t: Turn,
  of: { act: ScoredAction; session: number; account: number; live: number },
): void {
  const { act, account, live } = of
  const { nowMs } = t
  const { attention } = t.context.room.book
  const visible = act.units > 0
  const own = t.account
  const answer = (reason: Parameters<typeof zero>[1], ms = 0) =>
    t.receipts.push(zero(act, reason, { units: ms, counted: ms }))
  let clock = own.clocks.find((clock) => clock.session === of.session)
  // [S20] [S26]
  if (!clock || clock.dueMs === 0) {
    if (visible) {
      clock ??= openClock(t, of.session)
      Object.assign(clock, { nonce: act.p2, dueMs: dueOf(t, account), lastMs: nowMs })
    }
    answer(visible ? 'watch_started' : 'watch_hidden')
    return
  }
  // [S21]
  if (act.p1 !== clock.nonce) {
    answer('watch_stale')
    return
  }
  if (visible && nowMs < clock.dueMs - EARLY_MS) {
    answer('watch_early')
    return
  }
  // [S22]
  const twoBeats = 2 * attention.beatSec * 1000
  const elsewhere = own.holder !== 0 && own.holder !== live && nowMs - own.lastCreditMs < twoBeats
  const gridMs = nextBeat(nowMs, account, attention.beatSec * 1000)
  Object.assign(clock, { nonce: act.p2, dueMs: visible ? gridMs : 0 })
  // [S23]
  if (elsewhere) {
    answer('watch_elsewhere')
    return
  }
  // [S24]
  const maxGapMs = attention.maxGapSec * 1000
  const credit = Math.min(maxGapMs, uncredited(own, clock, nowMs))
  clock.lastMs = nowMs
  if (credit <= 0) {
    answer('watch_counted')
    return
  }
  own.lastCreditMs = nowMs
  own.holder = visible ? live : 0
  answer(visible ? 'progress' : 'watch_hidden', credit)
  spread(t, act, credit)
  if (visible) clock.dueMs = dueOf(t, account)
}

/** What a credited stretch of time earns. */
function spread(t: Turn, act: ScoredAction, credit: number): void {
  const { visit, nowMs } = t
  const maxGapMs = t.context.room.book.attention.maxGapSec * 1000
  // [S25]
  if (nowMs - credit - visit.lastCreditMs > maxGapMs) visit.stretchMs = 0
  const before = { continuous: visit.stretchMs, cumulative: visit.watchedMs }
  visit.stretchMs += credit
  visit.watchedMs += credit
  visit.lastCreditMs = nowMs
  payWatchRules(t, act, (goal) => {
    const from = before[goal.mode]
    return Math.floor((from + credit) / goalMs(goal)) - Math.floor(from / goalMs(goal))
  })
  const seconds = Math.floor(visit.watchedMs / 1000) - Math.floor(before.cumulative / 1000)
  countTasks(t, act, seconds)
  warm(t, 'watch', 1)
}
