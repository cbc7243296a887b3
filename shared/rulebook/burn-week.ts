/** The burn week: the last days before points expire, in which more can be had for them. */

import { DAY_MS, dayStartMs, monthBounds, monthStartMs } from '../time.ts'
import type { WalletPolicy } from './wallet.ts'

export interface BurnWeek {
  /** Points whose month this is are gone at its end; counted from January 2000. */
  month: number
  /** Midnight in the platform's zone. */
  opensAtMs: number
  /** The start of `month`. */
  closesAtMs: number
}

/** Month at whose start points can expire next, at least the one after `month`; undefined for never. */
function nextExpiry({ expiry }: Pick<WalletPolicy, 'expiry'>, month: number): number | undefined {
  switch (expiry.kind) {
    case 'never':
      return undefined
    case 'rolling':
      return month + 1
    case 'fixed':
      return month + 1 + ((((expiry.month - month - 1) % 12) + 12) % 12)
    default:
      return expiry satisfies never
  }
}

/** The burn week that runs at that time, or the next one; undefined where the rulebook has none. */
export function burnWeekAt(
  wallet: Pick<WalletPolicy, 'expiry' | 'burnWeek'>,
  atMs: number,
  timeZone: string,
): BurnWeek | undefined {
  if (!wallet.burnWeek) return undefined
  const month = nextExpiry(wallet, monthBounds(atMs, timeZone).month)
  if (month === undefined) return undefined
  const firstDay = Date.UTC(2000, month) / DAY_MS
  return {
    month,
    opensAtMs: dayStartMs(firstDay - wallet.burnWeek.days, timeZone),
    closesAtMs: monthStartMs(month, timeZone),
  }
}

export const runsAt = ({ opensAtMs, closesAtMs }: BurnWeek, atMs: number): boolean =>
  opensAtMs <= atMs && atMs < closesAtMs
