/** Sends the outbox over whatever connection there is, as fast as the server takes it. */

import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import { backoffMs } from './backoff.ts'
import { ACK_MS, ACK_MS_MAX, FAULTS_MAX, IN_FLIGHT_MAX } from './limits.ts'
import type { Entry, Outbox, ScoredName } from './outbox.ts'
import type { Runtime } from './runtime.ts'
import type { ClientSocket } from './socket.ts'

/** Closed by `busy` (for all commands) or `rate_limited` (for one kind), then opened one by one. */
interface Gate {
  notBeforeMs: number
  tries: number
}

export interface DeliveryOptions {
  outbox: Outbox
  runtime: Runtime
  live: () => ClientSocket | undefined
  /** The last word on what a command carries: a beat carries the nonce of the moment it leaves. */
  leaving: (entry: Entry) => void
  /** True where the answer is of the present epoch, so that what it says counts. */
  believe: (scored: Scored) => boolean
  applied: (entry: Entry, scored: Scored) => void
  /** It was not credited and will not be sent again. */
  dropped: (entry: Entry, refusal: Refusal) => void
  /** Something may be due now that was not before. */
  answered: () => void
  /** The server wants another client session or another ticket. */
  refresh: (refusal: Refusal) => void
}

export class Delivery {
  readonly #o: DeliveryOptions
  readonly #gates = new Map<ScoredName | 'all', Gate>()

  constructor(options: DeliveryOptions) {
    this.#o = options
  }

  /** The service asked for a pause. */
  get held(): boolean {
    return this.#gates.has('all')
  }

  tick(nowMs: number): void {
    const { outbox, live } = this.#o
    for (const entry of outbox.entries) {
      if (entry.answerByMs !== undefined && entry.answerByMs <= nowMs) {
        delete entry.answerByMs
        entry.tries++
      }
    }
    const socket = live()
    if (!socket) return
    for (const entry of outbox.ready(nowMs)) if (this.#open(entry, nowMs)) this.#send(socket, entry)
  }

  /** When an answer is overdue or a pause ends. */
  nextAtMs(nowMs: number): number {
    if (!this.#o.live()) return Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const { answerByMs, notBeforeMs, applied } of this.#o.outbox.entries) {
      if (applied) continue
      if (answerByMs !== undefined) next = Math.min(next, answerByMs)
      else if (notBeforeMs > nowMs) next = Math.min(next, notBeforeMs)
    }
    for (const { notBeforeMs } of this.#gates.values()) {
      if (notBeforeMs > nowMs) next = Math.min(next, notBeforeMs)
    }
    return next
  }

  #open(entry: Entry, nowMs: number): boolean {
    const flying = this.#o.outbox.entries.filter((e) => e.answerByMs !== undefined)
    if (flying.length >= IN_FLIGHT_MAX) return false
    const all = this.#gates.get('all')
    if (all && (nowMs < all.notBeforeMs || flying.length > 0)) return false
    const own = this.#gates.get(entry.name)
    return !own || (nowMs >= own.notBeforeMs && !flying.some((e) => e.name === entry.name))
  }

  #send(socket: ClientSocket, entry: Entry): void {
    const { outbox, runtime, leaving } = this.#o
    leaving(entry)
    const wait = Math.min(ACK_MS_MAX, ACK_MS * 2 ** Math.min(entry.tries, 8))
    outbox.leaving(entry, runtime.now() + wait)
    socket.send(entry.name, { ...entry.input, seq: entry.seq }, (answer) => {
      // Also an answer that comes after its time counts, unless the command was settled meanwhile.
      if (socket !== this.#o.live() || !outbox.has(entry)) return
      this.#answered(entry, answer)
      this.#o.answered()
    })
  }

  #answered(entry: Entry, answer: Scored | Refusal): void {
    delete entry.answerByMs
    if (!answer.ok) {
      this.#refused(entry, answer)
      return
    }
    this.#gates.delete('all')
    this.#gates.delete(entry.name)
    entry.tries = 0
    if (this.#o.believe(answer)) {
      if (!entry.applied) this.#o.applied(entry, answer)
    } else {
      // The word of an epoch that is over: the credit may be gone, so the command goes again.
      entry.notBeforeMs = this.#o.runtime.now() + backoffMs(this.#o.runtime, 1)
    }
  }

  #refused(entry: Entry, refusal: Refusal): void {
    const { runtime, outbox, dropped, refresh } = this.#o
    const { code, retry, afterMs } = refusal
    if (entry.applied) return
    if (retry === 'refresh') refresh(refusal)
    else if (code === 'busy') this.#close('all', afterMs)
    else if (code === 'rate_limited') this.#close(entry.name, afterMs)
    else if (retry === 'never' || ++entry.faults >= FAULTS_MAX) {
      outbox.drop(entry)
      dropped(entry, refusal)
    } else entry.notBeforeMs = runtime.now() + backoffMs(runtime, entry.faults, afterMs)
  }

  /** Answers to commands that left together close a gate once. */
  #close(name: ScoredName | 'all', afterMs?: number): void {
    const { runtime } = this.#o
    const now = runtime.now()
    const gate = this.#gates.get(name)
    if (gate && now < gate.notBeforeMs) return
    const tries = (gate?.tries ?? 0) + 1
    this.#gates.set(name, { tries, notBeforeMs: now + backoffMs(runtime, tries, afterMs) })
  }
}
