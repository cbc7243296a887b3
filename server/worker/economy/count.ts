/** What journal elements say of the economy. Pure: where it is kept is not its business. */

import { BUCKETS, type Bucket } from '../../../shared/receipt.ts'
import { FIELDS, liveField } from '../../economy/index.ts'
import { eachPaid, hasDone, type SkimmedBatch, type SkimmedEntry } from '../../scoring/index.ts'

type LedgerOf = SkimmedBatch['ledger'][number]
type Move = LedgerOf['moves'][number]

const isBucket = (place: string): place is Bucket => place in BUCKETS

/** An order that was paid, and by whom. */
interface Sale {
  account: number
  fen: number
}

/** Elements of one day, added one by one. */
export class DayCount {
  readonly ofDay: Record<string, number> = {}
  readonly counted: Record<string, number> = {}
  readonly used = new Set<number>()
  readonly members = new Set<number>()
  readonly active = new Set<number>()
  readonly watched = new Map<number, Set<number>>()
  readonly redeemed = new Map<number, Set<number>>()
  readonly sales: Sale[] = []

  add({ entries, ledger, growth, kept }: SkimmedBatch): void {
    for (const entry of entries) this.#scored(entry)
    for (const entry of ledger) this.#moved(entry)
    for (const { version } of growth) this.#first(version)
    for (const entry of kept) if (entry.kind === 'order') this.#order(entry)
  }

  #scored({ account, live, version, receipts }: SkimmedEntry): void {
    this.#first(version)
    this.active.add(account)
    if (live > 0) {
      noteIn(this.watched, live, account)
      count(this.ofDay, liveField(live, 'seen'), 1)
    }
    eachPaid(receipts, (action, bucket, points) => {
      count(this.ofDay, FIELDS.issued + action, points)
      count(this.counted, bucket, points)
      if (live > 0) count(this.ofDay, liveField(live, 'issued'), points)
    })
    if (hasDone(receipts, 'register')) this.members.add(account)
  }

  #moved(entry: LedgerOf): void {
    this.#first(entry.version)
    for (const move of entry.moves) this.#flow(entry, move)
    if (entry.cause !== 'captured' || entry.use !== 'redemption') return
    const spent = entry.moves.reduce(
      (sum, { to, points }) => sum + (to === 'spent' ? points : 0),
      0,
    )
    count(this.ofDay, FIELDS.redemptions, 1)
    if (entry.live === 0) return
    noteIn(this.redeemed, entry.live, entry.account)
    count(this.ofDay, liveField(entry.live, 'redemptions'), 1)
    count(this.ofDay, liveField(entry.live, 'spent'), spent)
  }

  #flow({ cause, use, account }: LedgerOf, { from, to, live, points }: Move): void {
    if (isBucket(from)) count(this.counted, from, -points)
    else if (from === 'issued') count(this.ofDay, FIELDS.issued + cause, points)
    else if (from === 'transferredIn') count(this.ofDay, FIELDS.transferredIn, points)
    else if (from === 'spent') count(this.ofDay, FIELDS.refunded, points)
    else count(this.ofDay, goneField(from, live), -points)
    if (isBucket(to)) count(this.counted, to, points)
    else if (to === 'spent') {
      count(this.ofDay, FIELDS.spent + (use ?? cause), points)
      this.used.add(account)
    } else if (to === 'transferredOut') count(this.ofDay, FIELDS.transferredOut, points)
    else count(this.ofDay, goneField(to, live), points)
  }

  #order({ account, fields }: SkimmedBatch['kept'][number]): void {
    for (const [name, value] of fields) {
      if (name === 'fen') {
        count(this.ofDay, FIELDS.orders, 1)
        this.sales.push({ account, fen: Number(value) })
      } else if (name.startsWith('part:')) {
        const { fen } = JSON.parse(String(value)) as { fen: number }
        count(this.ofDay, FIELDS.refundedFen, fen)
      }
    }
  }

  /** The first change of an account makes it one. */
  #first(version: number): void {
    if (version === 1) count(this.counted, 'accounts', 1)
  }
}

const goneField = (place: string, live: number): string =>
  place === 'expired' ? FIELDS[live > 0 ? 'sessionExpired' : 'expired'] : FIELDS.revoked

function count(sums: Record<string, number>, field: string, by: number): void {
  sums[field] = (sums[field] ?? 0) + by
}

function noteIn(sets: Map<number, Set<number>>, live: number, account: number): void {
  const set = sets.get(live)
  if (set) set.add(account)
  else sets.set(live, new Set([account]))
}
