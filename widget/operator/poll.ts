/** Reading again and again what a page shows, while somebody looks at it. */

import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Answer, Failure } from './api.ts'
import { useDesk } from './desk.ts'

export interface Polled<T> {
  /** The newest that was read; a failed reading leaves it. */
  data: T | undefined
  /** Why the last reading failed. */
  failure: Failure | undefined
  /** Reads now, for example after something was changed. */
  again(): void
}

/** `name` says what is read: another name begins anew. Nothing is read while the tab is hidden. */
export function usePolled<T>(
  name: string,
  read: () => Promise<Answer<T>>,
  everyMs: number,
): Polled<T> {
  const { runtime } = useDesk()
  const state = useSignal<{ name: string; data?: T; failure?: Failure }>({ name })
  const newest = useRef(read)
  newest.current = read
  const again = useRef(() => {})
  useEffect(() => {
    let cancel = () => {}
    let turn = 0
    const look = async () => {
      cancel()
      const mine = ++turn
      const answer = document.hidden ? undefined : await newest.current()
      // A later look was quicker, or the page shows something else by now.
      if (mine !== turn) return
      if (answer) {
        const known = state.peek().name === name ? state.peek().data : undefined
        const data = answer.ok ? answer : known
        state.value = {
          name,
          ...(data !== undefined && { data }),
          ...(!answer.ok && { failure: answer }),
        }
      }
      cancel = runtime.after(everyMs, () => void look())
    }
    again.current = () => void look()
    const seen = () => {
      if (!document.hidden) void look()
    }
    document.addEventListener('visibilitychange', seen)
    void look()
    return () => {
      turn = -1
      cancel()
      document.removeEventListener('visibilitychange', seen)
    }
  }, [name, everyMs, runtime, state])
  const { data, failure } = state.value.name === name ? state.value : {}
  return { data, failure, again: () => again.current() }
}
