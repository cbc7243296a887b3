/** Between two masters: what one did must not be forgotten while the other remembers what followed from it. */

import { configSlot } from '../redis/index.ts'
import type { MergesDeps } from './deps.ts'
import { NotYet } from './records.ts'

type Deps = Pick<MergesDeps, 'certain' | 'registry'>
/** An account, or the record of the merge. */
type Place = number | 'record'

/** Waits until what was done at one place is durable, or lies with the other. Throws `NotYet` where that takes too long. */
export async function certainAt(
  { certain, registry: { partitions } }: Deps,
  place: Place,
  other: Place,
): Promise<void> {
  if (!certain) return
  const slotOf = (of: Place) => (of === 'record' ? configSlot : partitions.slotOf(of))
  try {
    await certain({ slot: slotOf(place), with: slotOf(other) })
  } catch (error) {
    throw new NotYet(error instanceof Error ? error.message : 'not durable yet')
  }
}
