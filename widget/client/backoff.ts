/** How long to wait before trying again. */

import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from './limits.ts'
import type { Runtime } from './runtime.ts'

/** What the server asked for, and on top of it a random share of a bound that doubles with each failure. */
export function backoffMs(runtime: Runtime, tries: number, afterMs = 0): number {
  const bound = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(tries, 10))
  return afterMs + runtime.random() * bound
}
