/** What a rulebook may do but should not: said where it is published, never a refusal. Free of zod. */

import { leastDays } from './expiry.ts'
import { type Lang, plain } from './labels.ts'
import type { Rulebook } from './schema.ts'

export const WARNINGS = ['expires-soon', 'issuance-ratio', 'value-cut'] as const

export interface Warning {
  /** Stable, for programs. */
  code: (typeof WARNINGS)[number]
  /** Where in the book, as a path. */
  field: string
  text: Record<Lang, string>
}

/** Lasting points that are gone sooner feel like none. */
const LEAST_DAYS = 30
/** What points usually cost of sales; less is no reason to come back, more eats the margin. */
const USUAL_RATIO = { least: 0.01, most: 0.03 }

/** Who saved for something has that long to spend before points buy less. */
const NOTICE_DAYS = 7

type Worth = Pick<Rulebook, 'pointValueFen' | 'redemption'>

/**
 * In the order of the book; empty for a book that asks for no second thought. What is cut is known only beside the book
 * that holds `now`.
 */
export const warnings = (
  book: Pick<Rulebook, 'wallet' | 'issuance'> & Worth,
  now?: Worth,
): Warning[] => [
  ...expiresSoon(book.wallet),
  ...unusualRatio(book.issuance),
  ...(now ? valueCut(book, now) : []),
]

/** What a point buys, as a multiple of a fen. */
const worthOf = ({ pointValueFen, redemption }: Worth): number => pointValueFen / redemption.factor

function valueCut(book: Worth, now: Worth): Warning[] {
  const cut = Math.round((1 - worthOf(book) / worthOf(now)) * 1000) / 10
  if (cut <= 0) return []
  return [
    {
      code: 'value-cut',
      field: book.pointValueFen < now.pointValueFen ? 'pointValueFen' : 'redemption.factor',
      text: {
        zh: `注意：积分能换的东西少了 ${plain(cut)}%，发布后立即生效；请至少提前 ${NOTICE_DAYS} 天告知用户`,
        en: `Mind: points buy ${plain(cut)}% less from the moment this is published; viewers should be told ${NOTICE_DAYS} days before`,
      },
    },
  ]
}

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
