/** Errors of a store while something happens to its Redis. */

import { whyAway } from './away.ts'

/** Asks again and again for so long. */
export async function errorsOf(doing: () => Promise<unknown>, ms: number): Promise<unknown[]> {
  const errors: unknown[] = []
  for (const until = Date.now() + ms; Date.now() < until; ) {
    await doing().catch((error: unknown) => errors.push(error))
    await new Promise((done) => setTimeout(done, 10))
  }
  return errors
}
/** Those that are not taken for a Redis that is away. */
export const unknownOf = (errors: readonly unknown[]) =>
  errors.filter((error) => whyAway(error) === undefined).map(String)
