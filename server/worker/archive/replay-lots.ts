/**
 * The lots of a wallet, replayed: what `wallet/lua/lots.lua` does, written from its layout and rules and not from the
 * script, so that each checks the other.
 */

import type { LotId } from '../../../shared/ledger.ts'
import type { Bucket } from '../../../shared/receipt.ts'
import type { Lot } from '../../wallet/index.ts'

/** A wallet keeps as many; above, two alike become one. */
const LOTS_MAX = 32
const lastsUntil = (month: number): number => (month === 0 ? Number.POSITIVE_INFINITY : month)

/** Points of one kind in one bucket. */
export interface Place extends LotId {
  bucket: Bucket
}

/** Which lot they belong to. */
function lotIdOf({ bucket, issuer, live, month }: Place): LotId {
  switch (bucket) {
    case 'session':
      return { issuer, live, month: 0 }
    case 'spendable':
      return { issuer, live: 0, month }
    case 'frozen':
      return { issuer, live, month }
    // The holds know more.
    case 'pending':
    case 'held':
      return { issuer: 0, live: 0, month: 0 }
    default:
      return bucket satisfies never
  }
}

function find(lots: readonly Lot[], place: Place): Lot | undefined {
  const { issuer, live, month } = lotIdOf(place)
  return lots.find(
    (lot) =>
      lot.bucket === place.bucket &&
      lot.issuer === issuer &&
      lot.live === live &&
      lot.month === month,
  )
}

export function addTo(lots: Lot[], place: Place, points: number): void {
  const same = find(lots, place)
  if (same) same.points += points
  else lots.push({ bucket: place.bucket, ...lotIdOf(place), points })
}

/** False where they are not there. */
export function takeFrom(lots: Lot[], place: Place, points: number): boolean {
  const lot = find(lots, place)
  if (!lot || lot.points < points) return false
  lot.points -= points
  if (lot.points === 0) lots.splice(lots.indexOf(lot), 1)
  return true
}

/** Those of one bucket, issuer and live that are gone first; the earlier pair where equal. */
function mostAlike(lots: readonly Lot[]): [Lot, Lot] | undefined {
  let best: { pair: [Lot, Lot]; sum: number } | undefined
  for (const [i, one] of lots.entries())
    for (const other of lots.slice(i + 1)) {
      if (one.bucket !== other.bucket || one.issuer !== other.issuer || one.live !== other.live)
        continue
      // As the script counts: never is a month later than any.
      const sum = [one, other].reduce((all, { month }) => all + (month === 0 ? 65_536 : month), 0)
      if (!best || sum < best.sum) best = { pair: [one, other], sum }
    }
  return best?.pair
}

/** What happens when a wallet is written. */
export function mergeAbove(lots: Lot[]): void {
  while (lots.length > LOTS_MAX) {
    const pair = mostAlike(lots)
    if (!pair) return
    const [one, other] = pair
    one.points += other.points
    if (lastsUntil(other.month) > lastsUntil(one.month)) one.month = other.month
    lots.splice(lots.indexOf(other), 1)
  }
}
