/** The only place that reads the clock or starts timers. */

export interface Clock {
  /** Unix time, ms. Never decides about points: that is Redis time. */
  now(): number
  /** Resolves after `ms`; a stopped wait resolves at once. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `run` after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void
  /** Calls `run` every `ms` without keeping the process alive; the answer stops it. */
  every(ms: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const timer = setTimeout(done, ms)
      function done() {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      signal?.addEventListener('abort', done)
    }),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms)
    timer.unref()
    return () => clearInterval(timer)
  },
}

/** Calls `run` when what is going on in this turn of the event loop is over. */
export const afterThisTurn = (run: () => void): void => void setImmediate(run)

/** Milliseconds since an arbitrary start, for durations only. */
export const elapsedMs = (): number => performance.now()
