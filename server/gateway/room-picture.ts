/** A room as everybody is shown it, kept from pulse to pulse. */

import {
  applyPulse,
  COMMENTS_KEPT,
  type RoomPulse,
  type RoomState,
} from '../../shared/room-state.ts'
import { burnWeekAt } from '../../shared/rulebook/burn-week.ts'
import { ladderView } from '../../shared/rulebook/privileges.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { must } from '../kernel/index.ts'
import type { Room } from '../rooms/index.ts'
import type { PulseResult } from '../scoring/index.ts'

export class RoomPicture {
  readonly #rulebook: () => PublishedRulebook
  #state: RoomState | undefined
  #written: { state: RoomState; json: string } | undefined
  #burning: { version: number; week: RoomState['burnWeek']; untilMs: number } | undefined

  constructor(rulebook: () => PublishedRulebook) {
    this.#rulebook = rulebook
  }

  /** Undefined until the first pulse. */
  get state(): RoomState | undefined {
    return this.#state
  }

  /** The room as a new socket is shown it; written once for all who join between two pulses. */
  json(): string {
    const state = must(this.#state, 'the state of an open room')
    if (this.#written?.state !== state) this.#written = { state, json: JSON.stringify(state) }
    return this.#written.json
  }

  keep({ id, name, brand }: Room, { comments }: PulseResult, body: RoomPulse): void {
    const before = this.#state
    const burnWeek = this.#burnWeek(body.atMs)
    const state: RoomState = {
      ...(before ? applyPulse(before, body) : { ...body, board: body.board ?? [] }),
      // All comments, not only those that a viewer's pulse carries.
      comments: [...(before?.comments ?? []), ...comments].slice(-COMMENTS_KEPT),
      room: { id, name, brand },
      board: body.board ?? before?.board ?? [],
      ladder: ladderView(this.#rulebook().book.ladder),
    }
    if (burnWeek) state.burnWeek = burnWeek
    else delete state.burnWeek
    this.#state = state
  }

  /** The last pulse again, marked: what is shown stays, and says that points are paused. */
  paused(): RoomPulse | undefined {
    if (!this.#state) return undefined
    const { room: _r, board: _b, ladder: _l, burnWeek: _w, ...last } = this.#state
    return { ...last, comments: [], paused: true }
  }

  /** Looked up again only when it is over, or the rulebook is another one. */
  #burnWeek(atMs: number): RoomState['burnWeek'] {
    const { version, book } = this.#rulebook()
    const known = this.#burning
    if (known?.version === version && atMs < known.untilMs) return known.week
    const found = burnWeekAt(book.wallet, atMs, book.timeZone)
    const week = found && { opensAtMs: found.opensAtMs, closesAtMs: found.closesAtMs }
    this.#burning = { version, week, untilMs: week?.closesAtMs ?? Number.POSITIVE_INFINITY }
    return week
  }
}
