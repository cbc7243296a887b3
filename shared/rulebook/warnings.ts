/** What a rulebook may do but should not: said where it is published, never a refusal. Free of zod. */

import { leastDays } from './expiry.ts'
import type { Lang } from './labels.ts'
import type { Rulebook } from './schema.ts'

export interface Warning {
  /** Stable, for programs. */
  code: 'expires-soon'
  /** Where in the book, as a path. */
  field: string
  text: Record<Lang, string>
}

/** Lasting points that are gone sooner feel like none. */
const LEAST_DAYS = 30
/** In the order of the book; empty for a book that asks for no second thought. */
export function warnings({ wallet }: Pick<Rulebook, 'wallet'>): Warning[] {
  const days = leastDays(wallet.expiry)
  if (days >= LEAST_DAYS) return []
  return [
    {
      code: 'expires-soon',
      field: 'wallet.expiry',
      text: {
        zh: `注意：积分到账后最快 ${days} 天就会到期`,
        en: `Mind: points may expire as soon as ${days} days after they are given`,
      },
    },
  ]
}
