/** The audit after a run: reads the journal until it has caught up, then compares. */

import type { ViewerRecord } from '../viewer/record.ts'
import { type Comparison, compare } from './compare.ts'
import { readCredits } from './credits.ts'

/** The worker archives what is durable, some seconds later; after this long it will not come any more. */
const CATCH_UP_MS = 20_000
const STEP_MS = 1000

export async function audit(
  records: readonly ViewerRecord[],
  { dataDir, viewers }: { dataDir: string; viewers: number },
): Promise<Comparison> {
  const deadlineMs = performance.now() + CATCH_UP_MS
  for (;;) {
    const found = compare(records, await readCredits(dataDir), viewers)
    const behind = found.differences.some(({ kind }) => kind === 'not_credited')
    if (!behind || performance.now() > deadlineMs) return found
    await new Promise((done) => setTimeout(done, STEP_MS))
  }
}
