/** Something that is read again and again while somebody looks at the page. */

import { batch, type ReadonlySignal, signal } from '@preact/signals'
import type { Runtime } from '../client/index.ts'
import type { Answer, Failure } from './api.ts'

export interface Reading<T> {
  /** The newest that was read; a failed reading leaves it. */
  data: ReadonlySignal<T | undefined>
  /** Why the last reading failed. */
  failure: ReadonlySignal<Failure | undefined>
  /** Reads now, for example after something was changed. */
  again(): void
  stop(): void
}

export interface ReadingOptions<T> {
  read: () => Promise<Answer<T>>
  everyMs: number
  runtime: Runtime
}

/** Begins to read; a tab that nobody sees reads nothing. */
export function createReading<T>({ read, everyMs, runtime }: ReadingOptions<T>): Reading<T> {
  const data = signal<T | undefined>(undefined)
  const failure = signal<Failure | undefined>(undefined)
  let cancel = () => {}
  let turn = 0
  let stopped = false
  async function look(): Promise<void> {
    cancel()
    const mine = ++turn
    const answer = document.hidden ? undefined : await read()
    // A later look was quicker, or nobody wants to know any more.
    if (stopped || mine !== turn) return
    batch(() => {
      if (answer?.ok) data.value = answer
      if (answer) failure.value = answer.ok ? undefined : answer
    })
    cancel = runtime.after(everyMs, () => void look())
  }
  const seen = () => {
    if (!document.hidden && !stopped) void look()
  }
  document.addEventListener('visibilitychange', seen)
  void look()
  return {
    data,
    failure,
    again: seen,
    stop: () => {
      stopped = true
      cancel()
      document.removeEventListener('visibilitychange', seen)
    },
  }
}
