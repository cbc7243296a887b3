/** Whom the host greets, as a rung and in words. Free of zod. */

import type { Lang } from './labels.ts'
import type { Rulebook } from './schema.ts'

type Book = Pick<Rulebook, 'ladder' | 'greeting'>

/** The rung from which on; undefined where nobody is greeted. */
export function greetedFrom({ ladder, greeting }: Book): number | undefined {
  const rung = greeting ? ladder.rungs.findIndex(({ id }) => id === greeting.rung) : -1
  return rung < 0 ? undefined : rung
}

export function greetingSentence(book: Book, lang: Lang): string | undefined {
  const from = greetedFrom(book)
  const label = from === undefined ? undefined : book.ladder.rungs[from]?.label[lang]
  if (label === undefined) return undefined
  return lang === 'zh'
    ? `${label}及以上进直播间，主播会收到问候提示；选择不公开的不报姓名`
    : `The host is asked to greet ${label} and above who come in, without the names of those who opted out`
}
