/** What wallets do, told from SPEC.md and not from the scripts: the tests compare the two. */

type Place = 'spendable' | 'held' | 'frozen' | 'pending' | 'spent' | 'expired' | 'revoked'

/** Points that are of one issuer and one month, wherever they are now. */
interface Parcel {
  place: Place
  issuer: number
  /** Of its expiry; Infinity is never. */
  month: number
  points: number
  /** Hold or promise that it belongs to. */
  hold?: string
}

/** `place` as the record names it. */
export interface Lot {
  place: string
  issuer: number
  month: number
  points: number
}

const LOTS_MAX = 32

/** Points of an issuer in a place that end by then. */
const endsBy = (lots: readonly Lot[], of: Omit<Lot, 'points'>): number =>
  lots.reduce((sum, { place, issuer, month, points }) => {
    const ends = place === of.place && issuer === of.issuer && month <= of.month
    return ends ? sum + points : sum
  }, 0)

interface ModelHold {
  state: 'open' | 'captured' | 'voided'
  kind: 'hold' | 'pending'
  untilMs: number
  /** Whose points were good there, the narrowest first; none where all were. */
  pool: readonly number[]
}

/** [W6] Earlier months first, then what is good in fewer places. */
const inOrder =
  (pool: readonly number[]) =>
  (a: Parcel, b: Parcel): number =>
    a.month - b.month || pool.indexOf(a.issuer) - pool.indexOf(b.issuer) || a.issuer - b.issuer

export class WalletModel {
  readonly graceMonths: number
  /** How often a history came to what hardly any comes to. */
  readonly reached = { lapsed: 0, renewedAtEnd: 0, merged: 0 }
  parcels: Parcel[] = []
  holds = new Map<string, ModelHold>()
  frozen = false

  constructor(graceMonths: number) {
    this.graceMonths = graceMonths
  }

  sum(place: Place): number {
    return this.parcels.reduce((sum, p) => sum + (p.place === place ? p.points : 0), 0)
  }

  /** Spendable points by whose they are. */
  owed(): Map<number, number> {
    const owed = new Map<number, number>()
    for (const { place, issuer, points } of this.parcels)
      if (place === 'spendable') owed.set(issuer, (owed.get(issuer) ?? 0) + points)
    return owed
  }

  give(issuer: number, month: number, points: number): void {
    this.parcels.push({ place: this.frozen ? 'frozen' : 'spendable', issuer, month, points })
  }

  promise(id: string, points: number, untilMs: number): void {
    const month = Number.POSITIVE_INFINITY
    this.parcels.push({ place: 'pending', issuer: 1, month, points, hold: id })
    this.holds.set(id, { state: 'open', kind: 'pending', untilMs, pool: [] })
  }

  /** [W1] [W3] [W6] [W7] [W8] What it comes to; a refusal with what is good there and what only elsewhere. */
  hold(
    id: string,
    points: number,
    of: { month: number; untilMs: number; pool: readonly number[] },
  ): { ok: true } | { ok: false; code: string; have?: number; elsewhere?: number } {
    const { month, untilMs, pool } = of
    if (this.frozen) return { ok: false, code: 'account_frozen' }
    const usable = this.parcels.filter((p) => p.place === 'spendable' && p.month > month)
    const good = usable.filter((p) => pool.length === 0 || pool.includes(p.issuer))
    const have = good.reduce((sum, p) => sum + p.points, 0)
    const elsewhere = usable.reduce((sum, p) => sum + p.points, 0) - have
    if (have + elsewhere < points) return { ok: false, code: 'points_short', have }
    if (have < points) return { ok: false, code: 'points_elsewhere', have, elsewhere }
    good.sort(inOrder(pool))
    this.#moveFrom(good, points, (part) => ({ ...part, place: 'held', hold: id }))
    this.holds.set(id, { state: 'open', kind: 'hold', untilMs, pool })
    return { ok: true }
  }

  /** [W1] [W4] [W15] Takes `points` of it; the rest goes back, or is dropped where it was a promise. */
  capture(id: string, points: number, now: { month: number; ms: number }): boolean {
    const hold = this.holds.get(id)
    if (hold?.state !== 'open' || now.ms > hold.untilMs) return false
    const place = hold.kind === 'hold' ? 'held' : 'pending'
    const mine = this.parcels.filter((p) => p.place === place && p.hold === id)
    if (points > mine.reduce((sum, p) => sum + p.points, 0)) return false
    mine.sort(inOrder(hold.pool))
    hold.state = 'captured'
    if (hold.kind === 'hold') {
      this.#moveFrom(mine, points, (part) => ({ ...part, place: 'spent' }))
      this.#back(place, id, now.month)
    } else {
      this.#moveFrom(mine, points, ({ hold: _, ...part }) => ({
        ...part,
        place: this.frozen ? 'frozen' : part.month <= now.month ? 'expired' : 'spendable',
      }))
      this.#drop(id)
    }
    return true
  }

  /** [W4] [W15] [W26] */
  void(id: string, month: number): boolean {
    const hold = this.holds.get(id)
    if (hold?.state !== 'open') return false
    hold.state = 'voided'
    if (hold.kind === 'hold') this.#back('held', id, month)
    else this.#drop(id)
    return true
  }

  /** [W10] [W11] What lasts longest comes back first. */
  refund(id: string, points: number, month: number): boolean {
    const hold = this.holds.get(id)
    if (hold?.state !== 'captured' || hold.kind !== 'hold') return false
    const spent = this.parcels.filter((p) => p.place === 'spent' && p.hold === id)
    if (points > spent.reduce((sum, p) => sum + p.points, 0)) return false
    spent.sort((a, b) => inOrder(hold.pool)(b, a))
    this.#moveFrom(spent, points, (part) => this.#returned(part, month, this.graceMonths))
    return true
  }

  /** [W14] As many of them as there are. */
  take(points: number): number {
    const able = this.parcels.filter((p) => p.place === 'spendable' || p.place === 'frozen')
    const taken = Math.min(
      points,
      able.reduce((sum, p) => sum + p.points, 0),
    )
    able.sort((a, b) => b.month - a.month || a.issuer - b.issuer)
    this.#moveFrom(able, taken, ({ hold: _, ...part }) => ({ ...part, place: 'revoked' }))
    return taken
  }

  /** [W16] `lastsMonths` is how long new points last. */
  renew(points: number, of: { month: number; lastsMonths: number; pool: readonly number[] }): void {
    const { month, pool } = of
    const until = month + of.lastsMonths + 1
    const able = this.parcels.filter(
      (p) =>
        (p.place === 'spendable' || p.place === 'frozen') &&
        p.month > month &&
        p.month < until &&
        (pool.length === 0 || pool.includes(p.issuer)),
    )
    able.sort((a, b) => a.month - b.month || a.issuer - b.issuer)
    if (able[0]?.month === month + 1) this.reached.renewedAtEnd++
    this.#moveFrom(able, points, (part) => ({ ...part, month: until }))
  }

  /**
   * At most 32 lots: `lots` is what the record made of more. Which of several equals it took is its own affair; each
   * issuer's points are as many, none of them ends earlier, and there are no more lots than need be, and no fewer.
   */
  merge(lots: readonly Lot[]): void {
    const before = this.#lots()
    if (before.length <= LOTS_MAX) return
    this.reached.merged++
    const alike = new Set(before.map(({ place, issuer }) => `${place} ${issuer}`))
    if (lots.length !== Math.max(LOTS_MAX, alike.size))
      throw new Error(`${lots.length} lots of ${before.length}`)
    const kept = this.parcels.filter(({ place }) => place !== 'spendable' && place !== 'frozen')
    for (const { place, ...lot } of lots) {
      if (place !== 'spendable' && place !== 'frozen') continue
      if (endsBy(lots, { place, ...lot }) > endsBy(before, { place, ...lot }))
        throw new Error(`points of ${lot.issuer} end in ${lot.month} and did not`)
      kept.push({ place, ...lot })
    }
    this.parcels = kept
  }

  /** What a wallet keeps of them; what is held and what is pending are one each. */
  #lots(): Lot[] {
    const lots = new Map<string, Lot>()
    for (const { place, issuer, month, points } of this.parcels) {
      if (place === 'spent' || place === 'expired' || place === 'revoked') continue
      const key = place === 'held' || place === 'pending' ? place : `${place} ${issuer} ${month}`
      const lot = lots.get(key) ?? { place, issuer, month, points: 0 }
      lots.set(key, { ...lot, points: lot.points + points })
    }
    return [...lots.values()]
  }

  /** [W12] */
  freeze(on: boolean, month: number): void {
    if (on === this.frozen) return
    this.frozen = on
    for (const parcel of this.parcels) {
      if (on && parcel.place === 'spendable') parcel.place = 'frozen'
      else if (!on && parcel.place === 'frozen')
        Object.assign(parcel, this.#returned(parcel, month, this.graceMonths))
    }
  }

  /** [J26] */
  expire(month: number): void {
    for (const parcel of this.parcels)
      if (parcel.place === 'spendable' && parcel.month <= month) parcel.place = 'expired'
  }

  #returned({ hold: _, ...part }: Parcel, month: number, graceMonths: number): Parcel {
    if (this.frozen) return { ...part, place: 'frozen' }
    const place = 'spendable'
    if (part.month > month) return { ...part, place }
    this.reached.lapsed++
    if (graceMonths === 0) return { ...part, place: 'expired' }
    return { ...part, place, month: month + graceMonths + 1 }
  }

  #back(place: Place, id: string, month: number): void {
    const mine = this.parcels.filter((p) => p.place === place && p.hold === id)
    const points = mine.reduce((sum, p) => sum + p.points, 0)
    // [W26] It was only put aside.
    this.#moveFrom(mine, points, (part) => this.#returned(part, month, 0))
  }

  #drop(id: string): void {
    for (const parcel of this.parcels)
      if (parcel.place === 'pending' && parcel.hold === id) parcel.place = 'revoked'
  }

  #moveFrom(from: Parcel[], points: number, into: (part: Parcel) => Parcel): void {
    let left = points
    for (const parcel of from) {
      const part = Math.min(left, parcel.points)
      if (part === 0) continue
      parcel.points -= part
      left -= part
      this.parcels.push(into({ ...parcel, points: part }))
    }
    this.parcels = this.parcels.filter((p) => p.points > 0)
  }
}
