/** Plays one seeded history; what differs is told with the seed and the step. */

import type { Store } from '../redis/index.ts'
import { Divergence, Stand, type Step } from './histories-stand.testing.ts'
import { HistorySteps } from './histories-steps.testing.ts'

export const STEPS = 45

/** Answers how many steps were played. Throws Divergence. */
export async function playHistory(store: Store, seed: number): Promise<number> {
  await store.flushall()
  const steps = new HistorySteps(seed)
  const stand = new Stand(store, steps.books[0])
  for (let i = 0; i < STEPS; i++) {
    const step = steps.next(stand.model)
    try {
      await stand.play(step)
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error)
      throw new Divergence(`seed ${seed}, step ${i + 1} (${step.kind}):\n${what}\n${tell(step)}`)
    }
  }
  await stand.compareJournal().catch((error: unknown) => {
    throw new Divergence(`seed ${seed}, step ${STEPS}, the journal at the end:\n${String(error)}`)
  })
  return STEPS
}

/** The step without its rulebooks, which the seed gives. */
const tell = (step: Step): string =>
  JSON.stringify(step, (key, value) => (key === 'book' ? undefined : value))
