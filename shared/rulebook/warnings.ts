/** What a rulebook may do but should not: said where it is published, never a refusal. Free of zod. */

import { leastDays } from './expiry.ts'
import { type Lang, plain } from './labels.ts'
import type { Rulebook } from './schema.ts'

export const WARNINGS = ['expires-soon', 'order-pays', 'issuance-ratio', 'value-cut'] as const

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

/** What says how much a point buys. */
export interface Worth {
  pointValueFen: number
  redemption: Pick<Rulebook['redemption'], 'factor'>
}
/** What says how much an order may bring, however small it is. */
type Ordered = Pick<Rulebook, 'earn' | 'profiles' | 'ceiling' | 'purchase'>
/** The same, with the days of notice before it may be less. */
export type Noticed = Pick<Rulebook, 'pointValueFen' | 'redemption'>

/**
 * In the order of the book; empty for a book that asks for no second thought. What is cut is known only beside the book
 * that holds `now`.
 */
export const warnings = (
  book: Pick<Rulebook, 'wallet' | 'issuance'> & Worth & Ordered,
  now?: Noticed,
): Warning[] => [
  ...expiresSoon(book.wallet),
  ...orderPays(book),
  ...unusualRatio(book.issuance),
  ...(now ? cutWarning(book, now) : []),
]

/** What a point buys, as a multiple of a fen. */
const worthOf = ({ pointValueFen, redemption }: Worth): number => pointValueFen / redemption.factor

/** What is cut where a point buys less than by `now`, and by how many percent; undefined where it buys as much or more. */
export function valueCut(book: Worth, now: Worth): { field: string; percent: number } | undefined {
  const percent = Math.round((1 - worthOf(book) / worthOf(now)) * 1000) / 10
  if (worthOf(book) >= worthOf(now)) return undefined
  const field = book.pointValueFen < now.pointValueFen ? 'pointValueFen' : 'redemption.factor'
  return { field, percent }
}

/** The first of the versions to come by which points buy less than by `now`: from when, and by how many percent. */
export function comingCut(
  now: Worth,
  coming: readonly { effectiveAtMs?: number; book: Worth }[],
): { fromMs: number; percent: number } | undefined {
  for (const { effectiveAtMs = 0, book } of coming) {
    const cut = valueCut(book, now)
    if (cut) return { fromMs: effectiveAtMs, percent: cut.percent }
  }
  return undefined
}

function cutWarning(book: Worth, now: Noticed): Warning[] {
  const cut = valueCut(book, now)
  if (!cut) return []
  const { noticeDays } = now.redemption
  const percent = plain(cut.percent)
  const then =
    noticeDays > 0
      ? {
          zh: `须至少提前 ${noticeDays} 天发布，这期间用户可以看到`,
          en: `it has to be published ${noticeDays} days before it holds, and viewers are told meanwhile`,
        }
      : {
          zh: '没有规定提前告知的天数，请自行告知用户',
          en: 'no notice is asked for, so tell viewers before',
        }
  return [
    {
      code: 'value-cut',
      field: cut.field,
      text: {
        zh: `注意：积分能换的东西少了 ${percent}%；${then.zh}`,
        en: `Mind: points buy ${percent}% less; ${then.en}`,
      },
    },
  ]
}

/**
 * Points for ordering are the same whatever is paid, so the least order that counts decides whether they can be bought
 * for less than they are worth.
 */
function orderPays(book: Ordered & Worth): Warning[] {
  const { earn, profiles, ceiling, purchase } = book
  const paid = (enables: readonly string[]) =>
    earn
      .filter(({ id, action, enabled }) => action === 'order' && (enabled || enables.includes(id)))
      .reduce((sum, { points }) => sum + points, 0)
  const most = Math.max(paid([]), ...profiles.map(({ enables }) => paid(enables)))
  const worthFen = most * ceiling * worthOf(book)
  if (worthFen <= purchase.leastOrderFen) return []
  const [of, worth] = [plain(purchase.leastOrderFen / 100), plain(worthFen / 100)]
  return [
    {
      code: 'order-pays',
      field: 'purchase.leastOrderFen',
      text: {
        zh: `注意：一笔 ${of} 元的订单最多可带来值 ${worth} 元的积分`,
        en: `Mind: an order of ${of} yuan may bring points worth ${worth} yuan`,
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
