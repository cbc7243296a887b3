/** The books of one paced run: who taps when, what is under way, what was answered. */

import { percentile } from '../stats.ts'
import type { Answer } from './answer.ts'
import type { Pace } from './wishes.ts'

/** A refused command is sent again after this, as the client does. */
const AGAIN_MS = 500

interface Command {
  viewer: number
  seq: number
  count: number
  /** Of its first tap. */
  sinceMs: number
  againAtMs: number
}

interface Taps {
  waiting: number
  sinceMs: number
  /** Commands without an answer, by number. */
  open: Map<number, Command>
  earned: number
  shown: number
}

/** Sends likes of a viewer under a number of their own, or under the one given; answers the number. */
export type Say = (viewer: number, count: number, again?: number) => number

export class PacedRun {
  readonly #viewers: Taps[]
  readonly #say: Say
  readonly #latencies: number[] = []
  readonly #delays: number[] = []
  /** Viewers with waiting taps, and refused commands; the longest first. */
  #toSend: number[] = []
  #refused: Command[] = []
  #tapped = 0
  #commands = 0
  #refusals = 0

  constructor(viewers: number, say: Say) {
    this.#viewers = Array.from({ length: viewers }, () => ({
      waiting: 0,
      sinceMs: 0,
      open: new Map(),
      earned: 0,
      shown: -1,
    }))
    this.#say = say
  }

  get waiting(): number {
    return this.#commands - this.#latencies.length
  }

  /** Viewers tap in turn until so many taps were made, which were due one by one until now. */
  tapUntil(total: number, nowMs: number, tapsPerSec: number): void {
    for (; this.#tapped < total; this.#tapped++) {
      this.#delays.push(((total - this.#tapped) * 1000) / tapsPerSec)
      const i = this.#tapped % this.#viewers.length
      const taps = this.#viewers[i]
      if (!taps) return
      taps.waiting += 1
      if (taps.waiting > 1) continue
      taps.sinceMs = nowMs
      this.#toSend.push(i)
    }
  }

  /** Sends taps that have waited since then or longer. */
  flush(untilMs: number): void {
    let sent = 0
    for (const i of this.#toSend) {
      const taps = this.#viewers[i]
      if (!taps || taps.sinceMs > untilMs) break
      sent += 1
      this.#commands += 1
      const seq = this.#say(i, taps.waiting)
      const { waiting: count, sinceMs } = taps
      taps.open.set(seq, { viewer: i, seq, count, sinceMs, againAtMs: 0 })
      taps.waiting = 0
    }
    this.#toSend = this.#toSend.slice(sent)
  }

  sayAgain(nowMs: number): void {
    while ((this.#refused[0]?.againAtMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
      const command = this.#refused.shift()
      if (command) this.#say(command.viewer, command.count, command.seq)
    }
  }

  answered(viewer: number, answer: Answer): void {
    const taps = this.#viewers[viewer]
    const command = taps?.open.get(answer.seq)
    if (!taps || !command) return
    if (!answer.ok) {
      this.#refusals += 1
      this.#refused.push({ ...command, againAtMs: performance.now() + AGAIN_MS })
      return
    }
    taps.open.delete(command.seq)
    this.#latencies.push(performance.now() - command.sinceMs)
    if (answer.spendable < 0) return
    taps.shown = answer.spendable
    // A copy does not say what the first one earned.
    taps.earned = answer.dup ? Number.NaN : taps.earned + answer.points
  }

  result(): Pace {
    const latencies = Float64Array.from(this.#latencies)
    return {
      taps: this.#tapped,
      commands: this.#commands,
      answered: latencies.length,
      refusals: this.#refusals,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      maxMs: percentile(latencies, 1),
      lateMs: percentile(Float64Array.from(this.#delays), 0.99),
      earned: this.#viewers.map(({ earned }) => (Number.isNaN(earned) ? -1 : earned)),
      shown: this.#viewers.map(({ shown }) => shown),
    }
  }
}
