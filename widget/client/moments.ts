/** Moments in order and once each, whatever way and however often they arrive. */

import { isNewMoment, type Moment, type RoomPulse } from '../../shared/room-state.ts'
import { GAP_MS, HELD_MOMENTS_MAX, RESYNC_MS } from './limits.ts'
import type { Cursor, Store } from './store.ts'

export class Moments {
  readonly #store: Store
  readonly #show: (moment: Moment) => void
  /** After a gap, in order. */
  #held: Moment[] = []
  #heldSinceMs = 0
  #behindSinceMs: number | undefined
  #resyncedAtMs = Number.NEGATIVE_INFINITY
  /** Up to here the server has been asked already; what it did not send it does not have. */
  #resyncedSeq = 0

  constructor(store: Store, show: (moment: Moment) => void) {
    this.#store = store
    this.#show = show
  }

  get cursor(): Cursor | undefined {
    return this.#store.saved.cursor
  }

  /** Who comes for the first time sees what happens from now on. */
  welcomed(room: RoomPulse): void {
    this.#behindSinceMs = undefined
    if (!this.cursor) this.#move({ epoch: room.epoch, seq: room.seq, atMs: room.atMs })
    // Numbers of another epoch say nothing about this one.
    if (this.cursor?.epoch !== room.epoch) this.#resyncedSeq = 0
  }

  happened(epoch: string, moments: readonly Moment[], nowMs: number): void {
    const { cursor } = this
    if (!cursor) return
    if (epoch !== cursor.epoch) {
      // Numbers may have started over: times tell what has been shown, and there is no gap to wait for.
      this.#release()
      const shownUptoMs = this.cursor?.atMs ?? 0
      for (const moment of moments) if (moment.atMs > shownUptoMs) this.#pass(epoch, moment)
      return
    }
    const known = new Set(this.#held.map((m) => m.seq))
    const fresh = moments.filter((m) => isNewMoment(cursor, epoch, m) && !known.has(m.seq))
    if (fresh.length === 0) return
    if (this.#held.length === 0) this.#heldSinceMs = nowMs
    this.#held = [...this.#held, ...fresh].sort((a, b) => a.seq - b.seq)
    this.#releaseUnbroken()
    if (this.#held.length > HELD_MOMENTS_MAX) this.#release()
  }

  /** True where the client should come back with its cursor, because moments were lost on the way. */
  pulsed({ epoch, seq }: RoomPulse, nowMs: number): boolean {
    const { cursor } = this
    if (!cursor || epoch !== cursor.epoch || seq <= cursor.seq) {
      this.#behindSinceMs = undefined
      return false
    }
    this.#behindSinceMs ??= nowMs
    if (nowMs - this.#behindSinceMs < 2 * GAP_MS) return false
    if (cursor.seq < this.#resyncedSeq) {
      this.#move({ ...cursor, seq: Math.min(seq, this.#resyncedSeq) })
      return false
    }
    if (nowMs - this.#resyncedAtMs < RESYNC_MS) return false
    this.#resyncedAtMs = nowMs
    this.#resyncedSeq = seq
    this.#behindSinceMs = undefined
    return true
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
    this.#move({ epoch, seq: moment.seq, atMs: moment.atMs })
    this.#show(moment)
  }

  #move(cursor: Cursor): void {
    this.#store.save({ cursor })
  }
}
