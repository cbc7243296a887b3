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

/** A clock that is set by somebody else's. */
export interface SetClock extends Clock {
  /** What it shows less `elapsedMs`, ms. */
  set(offsetMs: number): void
  /** The host's clock less this one, ms. */
  hostAheadMs(): number
}

/** It goes on by the monotonic clock: where the host's time jumps, it does not. */
export function createSetClock(offsetMs: number): SetClock {
  let offset = offsetMs
  const now = () => Math.floor(performance.now() + offset)
  return {
    ...systemClock,
    now,
    set: (offsetMs) => {
      offset = offsetMs
    },
    hostAheadMs: () => systemClock.now() - now(),
  }
}

const asking: (() => void)[] = []
const leaving: (() => void)[] = []
let isEnding = false

function endTurn(): void {
  for (const run of asking) run()
  asking.length = 0
  isEnding = false
  for (const run of leaving.splice(0)) run()
}

function atEnd(list: (() => void)[], run: () => void): void {
  if (!isEnding) setImmediate(endTurn)
  isEnding = true
  list.push(run)
}

/** Calls `run` when what is going on in this turn of the event loop is over. It must not throw. */
export const afterThisTurn = (run: () => void): void => atEnd(leaving, run)

/** The same, before all that `afterThisTurn` was given: for what asks for something that then leaves in this turn. */
export const beforeTurnEnds = (run: () => void): void => atEnd(asking, run)

/** Milliseconds since an arbitrary start, for durations only. */
export const elapsedMs = (): number => performance.now()
