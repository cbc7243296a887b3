/** What changes between two rulebooks, in the same sentences that publish them. */

import type { Lang } from './labels.ts'
import type { Rulebook } from './schema.ts'
import { type Sentence, sentences, type Topic } from './sentences.ts'
import { segmentSentence } from './targeting-sentences.ts'

export interface Change {
  topic: Topic
  key: string
  /** Absent where the sentence is new. */
  before?: string
  /** Absent where nothing is said any more. */
  after?: string
}

/** Changed and new sentences in the order of the new book, then those that are gone. Empty: reads the same. */
export function changes(before: Rulebook, after: Rulebook, lang: Lang): Change[] {
  const old = new Map(all(before, lang).map((sentence) => [sentence.key, sentence]))
  const found: Change[] = []
  for (const { topic, key, text } of all(after, lang)) {
    const was = old.get(key)?.text
    old.delete(key)
    if (was !== text)
      found.push({ topic, key, ...(was === undefined ? {} : { before: was }), after: text })
  }
  for (const { topic, key, text } of old.values()) found.push({ topic, key, before: text })
  return found
}

/** Words that are blocked and who is in a segment are for operators only, so they are not among the published sentences. */
function all(book: Rulebook, lang: Lang): Sentence[] {
  const blocked = book.comment.blocked.map(
    (word): Sentence => ({
      topic: 'comment',
      key: `comment.blocked.${word}`,
      text: lang === 'zh' ? `屏蔽词「${word}」` : `Blocked word “${word}”`,
    }),
  )
  const segments = book.targeting.segments.map(
    (segment): Sentence => ({
      topic: 'offers',
      key: `offers.definition.${segment.id}`,
      text: segmentSentence(segment, lang, book.ladder.rungs),
    }),
  )
  return [...sentences(book, lang), ...blocked, ...segments]
}

const SIGNS = {
  zh: { added: '新增', removed: '取消', to: ' → ' },
  en: { added: 'New', removed: 'Gone', to: ' → ' },
} as const

/** One line: `每次点赞得 1 积分 → 每次点赞得 2 积分`, `New: Every vote earns 2 points`. */
export function changeText({ before, after }: Change, lang: Lang): string {
  const { added, removed, to } = SIGNS[lang]
  const colon = lang === 'zh' ? '：' : ': '
  if (before === undefined) return `${added}${colon}${after ?? ''}`
  return after === undefined ? `${removed}${colon}${before}` : `${before}${to}${after}`
}
