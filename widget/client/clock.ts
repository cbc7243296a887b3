/** The server's time, from samples; the device's own clock may be minutes off. */

import {
  CLOCK_DOUBT_MS,
  CLOCK_SAMPLE_GAP_MS,
  CLOCK_SAMPLES,
  CLOCK_SERIES_MS,
  LATE_TIMER_MS,
  NEVER,
} from './limits.ts'

export type ServerClock = ReturnType<typeof createServerClock>

export function createServerClock() {
  let newestMs = 0
  let left = 0
  let nextAtMs = NEVER
  let bestOfSeriesMs = NEVER
  let doubtedAtMs = -NEVER

  const heard = (atMs: number) => {
    newestMs = Math.max(newestMs, atMs)
  }
  const series = (nowMs: number) => {
    left = CLOCK_SAMPLES
    bestOfSeriesMs = NEVER
    nextAtMs = nowMs
  }

  const clock = {
    /** Server time minus local time. */
    offsetMs: 0,
    /** Round trip of the sample behind it; the offset is wrong by half of it at most. */
    rttMs: NEVER,

    /** When the next sample is due, local time. */
    nextAtMs: () => nextAtMs,

    /** Not before anything the server has said: for decisions that must err on the late side. */
    latestServerMs: (localMs: number) => Math.max(localMs + clock.offsetMs, newestMs),

    /** `session.welcomed` left the server at most `withinMs` ago. Starts a series of samples. */
    welcomed(atMs: number, nowMs: number, withinMs: number): void {
      // What was heard before is over: the server's clock may have been set back.
      newestMs = atMs
      const lag = nowMs + clock.offsetMs - atMs
      const fits = lag >= -clock.rttMs && lag <= withinMs + clock.rttMs
      if (!fits || clock.rttMs > withinMs) {
        clock.offsetMs = atMs - nowMs
        clock.rttMs = withinMs
      }
      series(nowMs)
    },

    /** True where a sample is due; the caller reads the server's clock once. */
    due(nowMs: number): boolean {
      if (nowMs < nextAtMs) return false
      if (left === 0) series(nowMs)
      left--
      nextAtMs = nowMs + (left > 0 ? CLOCK_SAMPLE_GAP_MS : CLOCK_SERIES_MS)
      return true
    },

    sampled(atMs: number, sentMs: number, nowMs: number): void {
      heard(atMs)
      const rttMs = nowMs - sentMs
      // A device that slept between question and answer.
      if (rttMs > LATE_TIMER_MS || rttMs > bestOfSeriesMs) return
      bestOfSeriesMs = rttMs
      clock.rttMs = rttMs
      clock.offsetMs = atMs + rttMs / 2 - nowMs
    },

    /** A pulse that says something else than the estimate: the local clock stood still or jumped. */
    pulsed(atMs: number, nowMs: number): void {
      heard(atMs)
      const doubtful = Math.abs(nowMs + clock.offsetMs - atMs) > CLOCK_DOUBT_MS
      if (!doubtful || nowMs - doubtedAtMs < 5 * CLOCK_DOUBT_MS) return
      doubtedAtMs = nowMs
      series(nowMs)
    },
  }
  return clock
}
