/** What journal elements say of the economy. Pure: where it is kept is not its business. */

import { type Action, BUCKETS, type Bucket } from '../../../shared/receipt.ts'
import { FIELDS, LIVE_FIELDS, liveField } from '../../economy/index.ts'
import { eachPaid, hasDone, type SkimmedBatch, type SkimmedEntry } from '../../scoring/index.ts'
import type { Reader } from '../reading.ts'

type LedgerOf = SkimmedBatch['ledger'][number]
type Move = LedgerOf['moves'][number]

const isBucket = (place: string): place is Bucket => place in BUCKETS

/** An order that was paid, and by whom. */
interface Sale {
  account: number
  fen: number
}

/** What happened in a live. */
interface LiveCount {
  watched: Set<number>
  redeemed: Set<number>
  seen: number
  redemptions: number
  issued: number
  spent: number
}

/** Elements of one day, added one by one. A like is most of what there is: it costs no text and no new object. */
export class DayCount implements Reader {
  readonly used = new Set<number>()
  readonly members = new Set<number>()
  readonly active = new Set<number>()
  readonly lives = new Map<number, LiveCount>()
  readonly sales: Sale[] = []
  readonly counted = { accounts: 0, spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 }
  readonly #rest: Record<string, number> = {}
  readonly #earned = new Map<Action, number>()
  #live: LiveCount | undefined
  #earn = (action: Action, bucket: Bucket, points: number): void => {
    this.#earned.set(action, (this.#earned.get(action) ?? 0) + points)
    this.counted[bucket] += points
    if (this.#live) this.#live.issued += points
  }

  scored({ account, live, version, receipts }: SkimmedEntry): void {
    this.#first(version)
    this.active.add(account)
    this.#live = live > 0 ? this.#liveOf(live) : undefined
    if (this.#live) {
      this.#live.watched.add(account)
      this.#live.seen++
    }
    eachPaid(receipts, this.#earn)
    if (hasDone(receipts, 'register')) this.members.add(account)
  }

  rest({ ledger, growth, kept }: SkimmedBatch): void {
    for (const entry of ledger) this.#moved(entry)
    for (const { version } of growth) this.#first(version)
    for (const entry of kept) if (entry.kind === 'order') this.#order(entry)
  }

  /** Sums of the day, by field. */
  ofDay(): Record<string, number> {
    const sums = { ...this.#rest }
    for (const [action, points] of this.#earned) count(sums, FIELDS.issued + action, points)
    for (const [live, counted] of this.lives)
      for (const name of LIVE_FIELDS) sums[liveField(live, name)] = counted[name]
    return sums
  }

  #moved(entry: LedgerOf): void {
    this.#first(entry.version)
    for (const move of entry.moves) this.#flow(entry, move)
    if (entry.cause !== 'captured' || entry.use !== 'redemption') return
    const spent = entry.moves.reduce(
      (sum, { to, points }) => sum + (to === 'spent' ? points : 0),
      0,
    )
    count(this.#rest, FIELDS.redemptions, 1)
    if (entry.live === 0) return
    const live = this.#liveOf(entry.live)
    live.redeemed.add(entry.account)
    live.redemptions++
    live.spent += spent
  }

  #flow({ cause, use, account }: LedgerOf, { from, to, live, points }: Move): void {
    const rest = this.#rest
    if (isBucket(from)) this.counted[from] -= points
    else if (from === 'issued') count(rest, FIELDS.issued + cause, points)
    else if (from === 'transferredIn') count(rest, FIELDS.transferredIn, points)
    else if (from === 'spent') count(rest, FIELDS.refunded, points)
    else count(rest, goneField(from, live), -points)
    if (isBucket(to)) this.counted[to] += points
    else if (to === 'spent') {
      count(rest, FIELDS.spent + (use ?? cause), points)
      this.used.add(account)
    } else if (to === 'transferredOut') count(rest, FIELDS.transferredOut, points)
    else count(rest, goneField(to, live), points)
  }

  #order({ account, fields }: SkimmedBatch['kept'][number]): void {
    for (const [name, value] of fields) {
      if (name === 'fen') {
        count(this.#rest, FIELDS.orders, 1)
        this.sales.push({ account, fen: Number(value) })
      } else if (name.startsWith('part:')) {
        const { fen } = JSON.parse(String(value)) as { fen: number }
        count(this.#rest, FIELDS.refundedFen, fen)
      }
    }
  }

  /** The first change of an account makes it one. */
  #first(version: number): void {
    if (version === 1) this.counted.accounts++
  }

  #liveOf(live: number): LiveCount {
    const known = this.lives.get(live)
    if (known) return known
    const made: LiveCount = {
      ...{ watched: new Set(), redeemed: new Set() },
      ...{ seen: 0, redemptions: 0, issued: 0, spent: 0 },
    }
    this.lives.set(live, made)
    return made
  }
}

const goneField = (place: string, live: number): string =>
  place === 'expired' ? FIELDS[live > 0 ? 'sessionExpired' : 'expired'] : FIELDS.revoked

function count(sums: Record<string, number>, field: string, by: number): void {
  sums[field] = (sums[field] ?? 0) + by
}
