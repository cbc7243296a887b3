/** A history with lines of many kinds, for fixtures. */

import type { Cause, HistoryEntry, LedgerEntry } from '../../shared/ledger.ts'
import { DAY_MS, MINUTE_MS } from '../../shared/time.ts'
import { receiptOf } from '../overlay/testing.ts'

type Given = Partial<LedgerEntry> & { points?: number; from?: string; to?: string }

export function historyOf(nowMs: number): HistoryEntry[] {
  let atMs = nowMs
  const moved = (cause: Cause, { points = 0, from, to, ...given }: Given = {}): HistoryEntry => {
    atMs -= 7 * MINUTE_MS
    const moves =
      from && to ? [{ from, to, points, issuer: 1, live: 0, month: 0, toMonth: 0 } as never] : []
    const none = { version: 1, ref: `${atMs}`, subject: '', by: '', at: 0, live: 0 }
    return { kind: 'moved', cause, atMs, ...none, moves, ...given }
  }
  const redemption = { use: 'redemption' as const, subject: 'oats' }
  return [
    moved('held', { ...redemption, points: 1800, from: 'spendable', to: 'held' }),
    {
      kind: 'receipt',
      ...receiptOf({ action: 'purchase', points: 200, units: 100, multiplier: 2000, atMs }),
    },
    moved('expiring', { subject: '300', untilMs: nowMs + 9 * DAY_MS }),
    moved('captured', { ...redemption, points: 1800, from: 'held', to: 'spent' }),
    moved('refunded', { points: 500, from: 'spent', to: 'spendable' }),
    moved('received', { points: 60, from: 'transferredIn', to: 'spendable' }),
    moved('frozen', { points: 1850, from: 'spendable', to: 'frozen', note: '异常刷分，等待核实' }),
    moved('expired', { points: 20, from: 'spendable', to: 'expired' }),
    moved('live_ended', { points: 35, from: 'session', to: 'expired' }),
  ]
}
