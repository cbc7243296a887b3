/** Numbers of single accounts, counted while an experiment runs: by the same call, and so exactly once, as the day. */

import type { SlotTag, Store } from '../redis/index.ts'
import { countedKey, studyKey } from './keys.ts'
import { STUDIED_PER_PAGE } from './limits.ts'
import { type Beside, CONSUMER } from './tally.ts'

/** The field that says that accounts came for which there was no room. */
export const STUDY_FULL = 'full'

/** Fields and texts of one partition, page by page, each once. */
export async function* scanStudy(
  store: Store,
  slot: SlotTag,
  study: string,
): AsyncGenerator<[field: string, text: string][]> {
  const seen = new Set<string>()
  let cursor = '0'
  do {
    const [next, flat] = await store.hscan(studyKey(slot, study), cursor, 'COUNT', STUDIED_PER_PAGE)
    cursor = next
    const page: [string, string][] = []
    for (let i = 0; i + 1 < flat.length; i += 2) {
      const [field = '', text = ''] = [flat[i], flat[i + 1]]
      if (seen.has(field)) continue
      seen.add(field)
      page.push([field, text])
    }
    yield page
  } while (cursor !== '0')
}

export async function forgetStudy(store: Store, slot: SlotTag, study: string): Promise<void> {
  await store.unlink(studyKey(slot, study))
}

/** Whether all of the partition's journal up to an instant that is over was counted. */
export async function isCountedUpTo(
  store: Store,
  { slot, cursors, journal }: Beside & { slot: SlotTag },
  atMs: number,
): Promise<boolean> {
  const [at, cursor] = await Promise.all([
    store.hget(countedKey(slot), 'at'),
    store.hget(cursors, CONSUMER),
  ])
  if (Number(at ?? 0) >= atMs) return true
  // What is newest by now came after the instant, or was counted.
  const [newest] = await store.xrevrange(journal, '+', '-', 'COUNT', 1)
  return newest === undefined || newest[0] === cursor
}
