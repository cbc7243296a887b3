/** Moments in order and once each, whatever way and however often they arrive. */

import { isNewMoment, type Moment, type RoomPulse } from '../../shared/room-state.ts'
import { GAP_MS, HELD_MOMENTS_MAX, RESYNC_SPREAD_MS } from './limits.ts'
import type { Cursor, Store } from './store.ts'

export class Moments {
  readonly #store: Store
  readonly #random: () => number
  readonly #show: (moment: Moment) => void
  /** After a gap, in order. */
  #held: Moment[] = []
  #heldSinceMs = 0
  #behindSinceMs: number | undefined
  /** Up to here the server has been asked already; what it did not send it does not have. */
  #resyncedSeq = 0

  constructor(store: Store, random: () => number, show: (moment: Moment) => void) {
    this.#store = store
    this.#random = random
    this.#show = show
  }

  get cursor(): Cursor | undefined {
    return this.#store.saved.cursor
  }

  /** Who comes for the first time sees what happens from now on. */
  welcomed({ epoch, seq, atMs }: RoomPulse): void {
    this.#behindSinceMs = undefined
    const { cursor } = this
    if (!cursor) this.#move({ epoch, seq, atMs, sinceMs: 0 })
    // Also within an epoch a room may be set back while nobody looks.
    else if (seq < cursor.seq) this.#move({ ...cursor, seq, sinceMs: cursor.atMs })
    this.#epochIs(epoch, seq)
  }

  happened(epoch: string, moments: readonly Moment[], nowMs: number): void {
    const [first] = moments
    if (!first) return
    this.#epochIs(epoch, first.seq - 1)
    const { cursor } = this
    if (!cursor) return
    const known = new Set(this.#held.map((m) => m.seq))
    const fresh = moments.filter(
      (m) => isNewMoment(cursor, epoch, m) && m.atMs > cursor.sinceMs && !known.has(m.seq),
    )
    if (this.#held.length === 0) this.#heldSinceMs = nowMs
    this.#held = [...this.#held, ...fresh].sort((a, b) => a.seq - b.seq)
    this.#releaseUnbroken()
    if (this.#held.length > HELD_MOMENTS_MAX) this.#release()
  }

  /** True where the client should come back with its cursor, because moments were lost on the way. */
  pulsed({ epoch, seq }: RoomPulse, nowMs: number): boolean {
    this.#epochIs(epoch, seq)
    const { cursor } = this
    if (!cursor || seq <= cursor.seq) {
      this.#behindSinceMs = undefined
      return false
    }
    // A whole room may have lost the same moment: its viewers do not come back all at once.
    this.#behindSinceMs ??= nowMs + this.#random() * RESYNC_SPREAD_MS
    if (nowMs - this.#behindSinceMs < 2 * GAP_MS) return false
    this.#behindSinceMs = undefined
    if (cursor.seq < this.#resyncedSeq) {
      this.#move({ ...cursor, seq: Math.min(seq, this.#resyncedSeq) })
      return false
    }
    this.#resyncedSeq = seq
    return true
  }

  /**
   * Numbers go on in a new epoch where the service remembered them, and where it did not they start lower.
   * Times tell what has been shown.
   */
  #epochIs(epoch: string, seq: number): void {
    const { cursor } = this
    if (!cursor || cursor.epoch === epoch) return
    this.#release()
    this.#resyncedSeq = 0
    const { atMs } = this.cursor ?? cursor
    this.#move({ epoch, seq: Math.min(cursor.seq, seq), atMs, sinceMs: atMs })
  }

  /** What was before the gap will not come any more. */
  tick(nowMs: number): void {
    if (nowMs >= this.nextAtMs) this.#release()
  }

  get nextAtMs(): number {
    return this.#held.length > 0 ? this.#heldSinceMs + GAP_MS : Number.POSITIVE_INFINITY
  }

  #releaseUnbroken(): void {
    let next = this.#held[0]
    while (next && next.seq === (this.cursor?.seq ?? 0) + 1) {
      this.#held.shift()
      this.#pass(this.cursor?.epoch ?? '', next)
      next = this.#held[0]
    }
  }

  #release(): void {
    const held = this.#held
    this.#held = []
    for (const moment of held) this.#pass(this.cursor?.epoch ?? '', moment)
  }

  /** The cursor moves first: a moment whose listener fails is not shown again. */
  #pass(epoch: string, moment: Moment): void {
    const { seq, atMs } = moment
    this.#move({ epoch, seq, atMs, sinceMs: this.cursor?.sinceMs ?? 0 })
    this.#show(moment)
  }

  #move(cursor: Cursor): void {
    this.#store.save({ cursor })
  }
}
