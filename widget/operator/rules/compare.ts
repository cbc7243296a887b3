/** Two books in sentences: what they say, and where they differ. */

import { type Change, changes } from '../../../shared/rulebook/changes.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { type Sentence, sentences } from '../../../shared/rulebook/sentences.ts'
import type { Lang } from '../../ui/lang.ts'

/** A draft may lack what sentences are made of; then nothing can be said of it. */
function attempt<T>(say: () => T): T | undefined {
  try {
    return say()
  } catch {
    return undefined
  }
}

export const differences = (before: Rulebook, after: Rulebook, lang: Lang): Change[] =>
  attempt(() => changes(before, after, lang)) ?? []

/** What viewers read of it. */
export const spoken = (book: Rulebook, lang: Lang): Sentence[] =>
  attempt(() => sentences(book, lang)) ?? []
