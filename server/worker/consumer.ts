/** What a consumer of a journal is to the pump that feeds it. */

import type { SlotTag } from '../redis/index.ts'
import type { JournalElement, StreamId } from './element.ts'
import type { Kind } from './journal.ts'

export interface PartitionPlace {
  index: number
  slot: SlotTag
}

export interface Consumer {
  kind: Kind
  /** A step begins at most this often, so that small batches become one; 0 is at once. */
  everyMs: number
  /** Elements that it takes at once, where not the usual number. */
  elementsMax?: number
  /** Only elements that survive a crash of their shard. */
  durableOnly: boolean
  /** Called when the worker takes over a partition, with how far the consumer had got. */
  open?(place: PartitionPlace, cursor: StreamId): Promise<void>
  /**
   * Deals with elements in order and answers with how many of them it has dealt, from the first. Elements come
   * again after a crash, so doing it twice must be harmless. Throws where it should be tried again later.
   */
  handle(place: PartitionPlace, elements: readonly JournalElement[]): Promise<number>
  /** The effect and the cursor are written in one step by the consumer itself. */
  ownCursor?: true
  close?(place: PartitionPlace): Promise<void>
}
