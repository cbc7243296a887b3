/** The server's time, from samples; the device's own clock may be minutes off. */

import {
  CLOCK_DOUBT_MS,
  CLOCK_SAMPLE_GAP_MS,
  CLOCK_SAMPLES,
  CLOCK_SERIES_MS,
  LATE_TIMER_MS,
} from './limits.ts'

export class ServerClock {
  /** Server time minus local time. */
  offsetMs = 0
  /** Round trip of the sample behind it; the offset is wrong by half of it at most. */
  rttMs = Number.POSITIVE_INFINITY
  #left = 0
  #nextAtMs = Number.POSITIVE_INFINITY
  #doubtedAtMs = Number.NEGATIVE_INFINITY
  #newestMs = 0
  #bestOfSeriesMs = Number.POSITIVE_INFINITY

  serverMs(localMs: number): number {
    return localMs + this.offsetMs
  }

  localMs(serverMs: number): number {
    return serverMs - this.offsetMs
  }

  /** Not before anything the server has said: for decisions that must err on the late side. */
  latestServerMs(localMs: number): number {
    return Math.max(this.serverMs(localMs), this.#newestMs)
  }

  /** `session.welcomed` left the server at most `withinMs` ago. Starts a series of samples. */
  welcomed(atMs: number, nowMs: number, withinMs: number): void {
    this.#heard(atMs)
    const lag = this.serverMs(nowMs) - atMs
    if (lag < -this.rttMs || lag > withinMs + this.rttMs || this.rttMs > withinMs) {
      this.offsetMs = atMs - nowMs
      this.rttMs = withinMs
    }
    this.#series(nowMs)
  }

  /** True where a sample is due; the caller reads the server's clock once. */
  due(nowMs: number): boolean {
    if (nowMs < this.#nextAtMs) return false
    if (this.#left === 0) this.#series(nowMs)
    this.#left--
    this.#nextAtMs = nowMs + (this.#left > 0 ? CLOCK_SAMPLE_GAP_MS : CLOCK_SERIES_MS)
    return true
  }

  get nextAtMs(): number {
    return this.#nextAtMs
  }

  sampled(atMs: number, sentMs: number, nowMs: number): void {
    this.#heard(atMs)
    const rtt = nowMs - sentMs
    // A device that slept between question and answer.
    if (rtt > LATE_TIMER_MS || rtt > this.#bestOfSeriesMs) return
    this.#bestOfSeriesMs = rtt
    this.rttMs = rtt
    this.offsetMs = atMs + rtt / 2 - nowMs
  }

  /** A pulse that says something else than the estimate: the local clock stood still or jumped. */
  pulsed(atMs: number, nowMs: number): void {
    this.#heard(atMs)
    const doubtful = Math.abs(this.serverMs(nowMs) - atMs) > CLOCK_DOUBT_MS
    if (!doubtful || nowMs - this.#doubtedAtMs < 5 * CLOCK_DOUBT_MS) return
    this.#doubtedAtMs = nowMs
    this.#series(nowMs)
  }

  #heard(atMs: number): void {
    this.#newestMs = Math.max(this.#newestMs, atMs)
  }

  #series(nowMs: number): void {
    this.#left = CLOCK_SAMPLES
    this.#bestOfSeriesMs = Number.POSITIVE_INFINITY
    this.#nextAtMs = nowMs
  }
}
