/** Waiting for what must come to be, however slow the machine is. */

import { sleep } from './tappers.testing.ts'

/** Resolves with what `read` answers once that is true; rejects where it never is. */
export async function until<T>(
  what: string,
  read: () => T | Promise<T>,
  ms = 40_000,
): Promise<Exclude<T, false | undefined>> {
  const deadline = performance.now() + ms
  for (;;) {
    const found = await read()
    if (found) return found as Exclude<T, false | undefined>
    if (performance.now() > deadline) throw new Error(`${what}: not within ${ms} ms`)
    await sleep(50)
  }
}
