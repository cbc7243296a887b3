/** Moments in order and once each, whatever way and however often they arrive. */

import { isNewMoment, type Moment, type RoomPulse } from '../../shared/room-state.ts'
import { GAP_MS, HELD_MOMENTS_MAX, NEVER, RESYNC_SPREAD_MS } from './limits.ts'
import type { Runtime } from './runtime.ts'
import type { Cursor, Store } from './store.ts'

export type Moments = ReturnType<typeof createMoments>

export function createMoments(store: Store, runtime: Runtime, show: (moment: Moment) => void) {
  /** After a gap, in order. */
  const held: Moment[] = []
  let heldSinceMs = 0
  let behindSinceMs: number | undefined
  /** Up to here the server has been asked already; what it did not send it does not have. */
  let resyncedSeq = 0

  const move = (cursor: Cursor) => store.save({ cursor })

  /** The cursor moves first: a moment whose listener fails is not shown again. */
  function release(until = NEVER): void {
    const { cursor } = store.saved
    const next = held[0]
    if (!cursor || !next || next.seq > until) return
    held.shift()
    move({ ...cursor, seq: next.seq, atMs: next.atMs })
    show(next)
    release(Math.max(until, next.seq + 1))
  }

  /**
   * Numbers go on in a new epoch where the service remembered them, and where it did not they start lower.
   * Times tell what has been shown.
   */
  function epochIs(epoch: string, seq: number): void {
    if (!store.saved.cursor || store.saved.cursor.epoch === epoch) return
    release()
    resyncedSeq = 0
    const { cursor } = store.saved
    const sinceMs = cursor.atMs
    move({ ...cursor, epoch, seq: Math.min(cursor.seq, seq), sinceMs })
  }

  return {
    /** Who comes for the first time sees what happens from now on. */
    welcomed({ epoch, seq, atMs }: RoomPulse): void {
      behindSinceMs = undefined
      const { cursor } = store.saved
      if (!cursor) move({ epoch, seq, atMs, sinceMs: 0 })
      // Also within an epoch a room may be set back while nobody looks.
      else if (seq < cursor.seq) move({ ...cursor, seq, sinceMs: cursor.atMs })
      epochIs(epoch, seq)
    },

    happened(epoch: string, moments: readonly Moment[]): void {
      const [first] = moments
      if (first) epochIs(epoch, first.seq - 1)
      const { cursor } = store.saved
      if (!cursor) return
      if (held.length === 0) heldSinceMs = runtime.now()
      for (const moment of moments) {
        const known = moment.atMs <= cursor.sinceMs || held.some((m) => m.seq === moment.seq)
        if (isNewMoment(cursor, epoch, moment) && !known) held.push(moment)
      }
      held.sort((a, b) => a.seq - b.seq)
      release(cursor.seq + 1)
      if (held.length > HELD_MOMENTS_MAX) release()
    },

    /** True where the client should come back with its cursor, because moments were lost on the way. */
    pulsed({ epoch, seq }: RoomPulse): boolean {
      epochIs(epoch, seq)
      const { cursor } = store.saved
      const behind = cursor && seq > cursor.seq
      if (!behind) behindSinceMs = undefined
      if (!behind) return false
      const now = runtime.now()
      // A whole room may have lost the same moment: its viewers do not come back all at once.
      behindSinceMs ??= now + runtime.random() * RESYNC_SPREAD_MS
      if (now - behindSinceMs < 2 * GAP_MS) return false
      behindSinceMs = undefined
      const asked = cursor.seq < resyncedSeq
      if (asked) move({ ...cursor, seq: Math.min(seq, resyncedSeq) })
      else resyncedSeq = seq
      return !asked
    },

    /** What was before the gap will not come any more. */
    tick(nowMs: number): void {
      if (nowMs >= this.nextAtMs()) release()
    },

    nextAtMs: () => (held.length > 0 ? heldSinceMs + GAP_MS : NEVER),
  }
}
