/** What keeping a rung asks, as a number and in sentences. Free of zod. */

import { growthOf, type Lang } from './labels.ts'
import type { Rulebook } from './schema.ts'

type Book = Pick<Rulebook, 'ladder' | 'demotion'>

/** Growth that has to be gathered in each window to keep a rung; 0 where it is never lost. */
export function keepNeeds({ ladder, demotion }: Book): number[] {
  return ladder.rungs.map(({ growth = 0, keep }) =>
    demotion.kind === 'grace' && growth > 0 ? (keep ?? Math.ceil(growth * demotion.share)) : 0,
  )
}

/** How rungs are kept, then what each asks; nothing where none is ever lost. */
export function demotionSentences(book: Book, lang: Lang): [key: string, text: string][] {
  const { demotion, ladder } = book
  const needs = keepNeeds(book)
  if (demotion.kind !== 'grace' || needs.every((need) => need === 0)) return []
  const { windowDays, warnDays } = demotion
  const rungs = ladder.rungs.flatMap((rung, i): [string, string][] => {
    const need = needs[i] ?? 0
    if (need === 0) return []
    const growth = growthOf(need, lang)
    return [
      [
        `${rung.id}.keep`,
        lang === 'zh'
          ? `保住${rung.label.zh}：每 ${windowDays} 天得 ${growth}`
          : `To keep ${rung.label.en}: ${growth} in each ${windowDays} days`,
      ],
    ]
  })
  const how =
    lang === 'zh'
      ? `保级期 ${windowDays} 天，没达到会提前 ${warnDays} 天提醒，到期降一级；补上差的成长值就回来`
      : `A tier is kept for ${windowDays} days at a time: who gathers too little is told ${warnDays} days before and falls one tier, and is back with the growth that was missing`
  return [['demotion', how], ...rungs]
}
