/** From a journal element to what webhooks can be told. One table: what is not in it is not told. */

import type { PublishedRulebook } from '../../../shared/rulebook/schema.ts'
import type { SkimmedBatch } from '../../scoring/index.ts'
import type { WebhookEvent } from '../../webhooks/index.ts'

export interface Happening {
  type: WebhookEvent
  account: number
  live: number
  /** Where in the element it stands: part of the delivery's id, so it must not depend on what else is told. */
  place: string
  data: Record<string, unknown>
}

/** What of an element may be of interest, in its order. */
export function happeningsOf(batch: SkimmedBatch, { book }: PublishedRulebook): Happening[] {
  return batch.entries.flatMap(({ account, live, version, promotions }, i) =>
    promotions.map(({ rung, no }, n) => ({
      type: 'tier.reached' as const,
      account,
      live,
      place: `${i}-${n}`,
      data: {
        version,
        ladder: book.ladder.id,
        tier: book.ladder.rungs[rung]?.id ?? '',
        rung,
        promotion: no,
      },
    })),
  )
}
