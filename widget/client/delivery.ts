/** Sends the outbox over whatever connection there is, as fast as the server takes it. */

import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import { backoffMs } from './backoff.ts'
import { ACK_MS, ACK_MS_MAX, FAULTS_MAX, IN_FLIGHT_MAX, NEVER } from './limits.ts'
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
  /** An answer speaks of an epoch that was left: it or we are mistaken. */
  doubted: () => void
}

export type Delivery = ReturnType<typeof createDelivery>

export function createDelivery(o: DeliveryOptions) {
  const { outbox, runtime, live } = o
  const gates = new Map<ScoredName | 'all', Gate>()

  function isOpen({ name }: Entry, nowMs: number): boolean {
    const flying = outbox.entries().filter((e) => e.answerByMs !== undefined)
    if (flying.length >= IN_FLIGHT_MAX) return false
    const all = gates.get('all')
    if (all && (nowMs < all.notBeforeMs || flying.length > 0)) return false
    const own = gates.get(name)
    return !own || (nowMs >= own.notBeforeMs && !flying.some((e) => e.name === name))
  }

  /** Answers to commands that left together close a gate once. */
  function close(name: ScoredName | 'all', afterMs?: number): void {
    const now = runtime.now()
    const gate = gates.get(name)
    if (gate && now < gate.notBeforeMs) return
    const tries = (gate?.tries ?? 0) + 1
    gates.set(name, { tries, notBeforeMs: now + backoffMs(runtime, tries, afterMs) })
  }

  function send(socket: ClientSocket, entry: Entry): void {
    o.leaving(entry)
    const wait = Math.min(ACK_MS_MAX, ACK_MS * 2 ** Math.min(entry.tries, 8))
    outbox.leaving(entry, runtime.now() + wait)
    socket.send(entry.name, { ...entry.input, seq: entry.seq }, (answer) => {
      // Also an answer that comes after its time counts, unless the command was settled meanwhile.
      if (!outbox.entries().includes(entry)) return
      delete entry.answerByMs
      if (answer.ok) scored(entry, answer)
      else if (!entry.applied) refused(entry, answer)
      o.answered()
    })
  }

  function scored(entry: Entry, answer: Scored): void {
    gates.delete('all')
    gates.delete(entry.name)
    entry.tries = 0
    // The word of an epoch that is over: the credit may be gone, so the command goes again.
    if (!o.believe(answer)) o.doubted()
    else if (!entry.applied) o.applied(entry, answer)
  }

  function refused(entry: Entry, refusal: Refusal): void {
    const { code, retry, afterMs } = refusal
    if (retry === 'refresh') o.refresh(refusal)
    else if (code === 'busy') close('all', afterMs)
    else if (code === 'rate_limited') close(entry.name, afterMs)
    else if (retry === 'never' || ++entry.faults >= FAULTS_MAX) {
      outbox.drop(entry)
      o.dropped(entry, refusal)
    } else entry.notBeforeMs = runtime.now() + backoffMs(runtime, entry.faults, afterMs)
  }

  return {
    /** The service asked for a pause. */
    isHeld: () => gates.has('all'),

    tick(nowMs: number): void {
      for (const entry of outbox.entries()) {
        if ((entry.answerByMs ?? NEVER) > nowMs) continue
        delete entry.answerByMs
        entry.tries++
      }
      const socket = live()
      if (!socket) return
      for (const entry of outbox.ready(nowMs)) if (isOpen(entry, nowMs)) send(socket, entry)
    },

    /** When an answer is overdue or a pause ends. */
    nextAtMs(nowMs: number): number {
      if (!live()) return NEVER
      const waiting = outbox.entries().filter((e) => !e.applied)
      const ends = [...waiting, ...gates.values()].map((e) => e.notBeforeMs)
      const overdue = waiting.map((e) => e.answerByMs ?? NEVER)
      return Math.min(...overdue, ...ends.filter((atMs) => atMs > nowMs))
    },
  }
}
