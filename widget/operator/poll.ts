/** A reading that lives as long as the part of the page that shows it. */

import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Answer, Failure } from './api.ts'
import { useDesk } from './desk.ts'
import { createReading, type Reading } from './reading.ts'

export interface Polled<T> {
  data: T | undefined
  failure: Failure | undefined
  again(): void
}

/** What a reading says now; the part that asks is drawn again when that changes. */
export const polledOf = <T>({ data, failure, again }: Reading<T>): Polled<T> => ({
  data: data.value,
  failure: failure.value,
  again,
})

/** `name` says what is read: another name begins anew. */
export function usePolled<T>(
  name: string,
  read: () => Promise<Answer<T>>,
  everyMs: number,
): Polled<T> {
  const { runtime } = useDesk()
  const newest = useRef(read)
  newest.current = read
  const reading = useMemo(
    () => createReading({ read: () => newest.current(), everyMs, runtime }),
    [name, everyMs, runtime],
  )
  useEffect(() => reading.stop, [reading])
  return polledOf(reading)
}
