/** What changed accounts beside scoring, played as it was: spending, expiry, freezing, growth taken back, day passes. */

import type { Cause, Move } from '../../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../../shared/receipt.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { isByGrowth, rungReached } from '../../../shared/rulebook/ways.ts'
import { type GrowthEntry, questRows } from '../../scoring/index.ts'
import type { AccountEntry, KeptEntry, Lot } from '../../wallet/index.ts'
import { moveIn } from '../archive/replay.ts'
import { addTo, mergeAbove } from '../archive/replay-lots.ts'
import type { EditableAccount } from './editable-account.ts'

/** These take all that is there, however much that is. */
const SWEEPS: ReadonlySet<Cause> = new Set(['live_ended', 'expired'])

const isBucket = (place: string): place is Bucket => place in BUCKETS

/** As the journal says, to the point. */
export function moveAsTold(account: EditableAccount, entry: AccountEntry): void {
  freezeOrNot(account, entry)
  for (const move of entry.moves) moveIn(account.wallet, move)
  mergeAbove(account.wallet.lots)
}

/** The same as far as the points are there; answers how many were not. */
export function moveAsFar(account: EditableAccount, entry: AccountEntry): number {
  freezeOrNot(account, entry)
  let short = 0
  for (const move of entry.moves) short += moveSome(account, move, SWEEPS.has(entry.cause))
  mergeAbove(account.wallet.lots)
  return short
}

function freezeOrNot(account: EditableAccount, { cause }: AccountEntry): void {
  account.changes++
  if (cause === 'frozen' || cause === 'unfrozen') account.frozen = cause === 'frozen'
}

function moveSome({ wallet }: EditableAccount, move: Move, all: boolean): number {
  const { from, to, points, toMonth, ...lot } = move
  let taken = points
  if (isBucket(from)) {
    const { same, others } = lotsOf(wallet.lots, from, move)
    taken = all
      ? takeUpTo(wallet.lots, same, Number.POSITIVE_INFINITY)
      : takeUpTo(wallet.lots, [...same, ...others], points)
  } else if (from === 'issued' || from === 'transferredIn') wallet[from] += points
  else wallet[from] -= points
  if (taken === 0) return all ? 0 : points
  if (isBucket(to)) addTo(wallet.lots, { bucket: to, ...lot, month: toMonth }, taken)
  else wallet[to] += taken
  return all ? 0 : points - taken
}

/** Those that the points came from first, then others of the same owner; what is held or pending is one. */
function lotsOf(lots: readonly Lot[], bucket: Bucket, { issuer, live, month }: Move) {
  const together = bucket === 'held' || bucket === 'pending'
  const ofOwner = lots.filter((lot) => lot.bucket === bucket && (together || lot.issuer === issuer))
  const isSame = (lot: Lot) =>
    together || (bucket === 'session' ? lot.live === live : lot.month === month)
  return { same: ofOwner.filter(isSame), others: ofOwner.filter((lot) => !isSame(lot)) }
}

function takeUpTo(all: Lot[], some: readonly Lot[], most: number): number {
  let taken = 0
  for (const lot of some) {
    const part = Math.min(lot.points, most - taken)
    lot.points -= part
    taken += part
    if (lot.points === 0) all.splice(all.indexOf(lot), 1)
  }
  return taken
}

export function growAsTold(account: EditableAccount, entry: GrowthEntry): void {
  account.changes++
  const ladder = account.ladder(entry.ladder)
  ladder.growth += entry.growth
  ladder.rung = entry.rung
}

/** By the ways of another book; never against the change. */
export function growBy(account: EditableAccount, entry: GrowthEntry, book: Rulebook): void {
  account.changes++
  const ladder = account.ladder(entry.ladder)
  const change = Math.max(entry.growth, -ladder.growth)
  ladder.growth += change
  const quests = isByGrowth(book.ladder) ? [] : questRows(account.bytes()).rows
  const reached = rungReached(book, {
    growth: ladder.growth,
    earned: account.wallet.issued,
    paid: (no) => quests.find(({ quest }) => quest === no)?.paid ?? 0,
  })
  ladder.rung =
    change < 0 ? Math.min(ladder.rung, reached) : Math.max(ladder.rung, Math.max(0, reached))
}

/** A day pass is the only thing beside points that scoring looks at. */
export function keepAsTold(account: EditableAccount, { kind, fields }: KeptEntry): void {
  if (kind !== 'pass') return
  const field = (name: string) => Number(fields.find(([key]) => key === name)?.[1] ?? 0)
  account.setPass({ rungs: field('rungs'), untilMs: field('until') })
}
