/** Tier-ups on their way from the journal to the room, and only those that cannot be lost again. */

import type { Consumer } from './consumer.ts'
import type { JournalElement } from './element.ts'
import { MOMENTS_ELEMENTS } from './limits.ts'
import type { RoomOf } from './places.ts'
import type { Skim } from './reading.ts'
import type { TierUp, TierUps } from './tier-ups.ts'

export interface MomentsOptions {
  roomOf: RoomOf
  skim: Skim
  tierUps: TierUps
}

export function momentsConsumer({ roomOf, skim, tierUps }: MomentsOptions): Consumer {
  async function tierUpsOf(elements: readonly JournalElement[]): Promise<TierUp[]> {
    const found: TierUp[] = []
    for (const element of elements) {
      for (const { account, live, promotions } of skim(element)?.entries ?? []) {
        if (promotions.length === 0) continue
        const room = await roomOf(live)
        // Growth by an order outside any live has nobody to tell.
        if (room === undefined) continue
        for (const { rung, no } of promotions) found.push({ account, room, rung, promotion: no })
      }
    }
    return found
  }

  return {
    kind: 'moments',
    everyMs: 0,
    elementsMax: MOMENTS_ELEMENTS,
    durableOnly: true,
    async handle(_, elements) {
      const found = await tierUpsOf(elements)
      if (found.length > 0) await tierUps.tell(found)
      return elements.length
    },
  }
}
