/** The lines of a history: of a hold only what became of it. */

import type { Cause, HistoryEntry, LedgerEntry } from '../../shared/ledger.ts'

const ENDS: readonly Cause[] = ['captured', 'voided', 'lapsed']

/** Newest first. A hold that has ended above is left out: the reader cares for what it came to. */
export function settled(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const ended = new Set<string>()
  for (const entry of entries)
    if (entry.kind === 'moved' && ENDS.includes(entry.cause)) ended.add(entry.ref)
  return entries.filter(
    (entry) => entry.kind !== 'moved' || entry.cause !== 'held' || !ended.has(entry.ref),
  )
}

/** The newest notice of points that expire, while they have not. */
export function expiringOf(
  entries: readonly HistoryEntry[],
  nowMs: number,
): { points: number; untilMs: number } | undefined {
  const found = entries.find(
    (entry): entry is { kind: 'moved' } & LedgerEntry =>
      entry.kind === 'moved' &&
      (entry.cause === 'expiring' || entry.cause === 'burn_week') &&
      (entry.untilMs ?? 0) > nowMs,
  )
  return found && { points: Number(found.subject) || 0, untilMs: found.untilMs ?? 0 }
}
