/** One timer for everything that is due. */

import { LATE_TIMER_MS, NEVER } from './limits.ts'
import type { Runtime } from './runtime.ts'

/** `late` is called where the device slept or the page was throttled: a connection may be long dead. */
export function createTimer(runtime: Runtime, due: () => void, late: () => void) {
  let stop: (() => void) | undefined
  let setFor = NEVER
  return {
    /** Replaces what was set before; local time. */
    set(atMs: number): void {
      if (atMs === setFor) return
      stop?.()
      setFor = atMs
      if (atMs === NEVER) return
      stop = runtime.after(Math.max(0, atMs - runtime.now()), () => {
        setFor = NEVER
        if (runtime.now() - atMs > LATE_TIMER_MS) late()
        else due()
      })
    },
  }
}
