/** What a rulebook may do but should not: said where it is published, never a refusal. Free of zod. */

import { leastDays } from './expiry.ts'
import { type Lang, plain } from './labels.ts'
import type { Rulebook } from './schema.ts'

export interface Warning {
  /** Stable, for programs. */
  code: 'expires-soon' | 'issuance-ratio'
  /** Where in the book, as a path. */
  field: string
  text: Record<Lang, string>
}

/** Lasting points that are gone sooner feel like none. */
const LEAST_DAYS = 30
/** What points usually cost of sales; less is no reason to come back, more eats the margin. */
const USUAL_RATIO = { least: 0.01, most: 0.03 }

/** In the order of the book; empty for a book that asks for no second thought. */
export const warnings = ({
  wallet,
  issuance,
}: Pick<Rulebook, 'wallet' | 'issuance'>): Warning[] => [
  ...expiresSoon(wallet),
  ...unusualRatio(issuance),
]

function unusualRatio({ atCap, ratio }: Rulebook['issuance']): Warning[] {
  const { least, most } = USUAL_RATIO
  if (atCap === 'off' || (ratio >= least && ratio <= most)) return []
  const percent = plain(ratio * 100)
  return [
    {
      code: 'issuance-ratio',
      field: 'issuance.ratio',
      text: {
        zh: `注意：积分发放上限为销售额的 ${percent}%，通常是 1% 到 3%`,
        en: `Mind: points may cost ${percent}% of sales; usual are 1% to 3%`,
      },
    },
  ]
}

function expiresSoon(wallet: Rulebook['wallet']): Warning[] {
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
