/** Values that go by themselves. */

import type { Runtime } from '../client/browser.ts'
import { signal } from './reactive.ts'

/** Each `set` begins its time anew; `undefined` ends it at once. */
export function createFading<T>(runtime: Pick<Runtime, 'after'>) {
  const value = signal<T | undefined>(undefined)
  let cancel: (() => void) | undefined
  const set = (next: T | undefined, ms = 0) => {
    cancel?.()
    value.value = next
    cancel = next === undefined ? undefined : runtime.after(ms, () => set(undefined))
  }
  return { value, set }
}
