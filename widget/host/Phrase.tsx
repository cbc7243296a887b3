/** A phrase on screen: strong parts in jade, names inert and isolated. */

import type { Phrase } from './phrase.ts'

export function Say({ phrase }: { phrase: Phrase }) {
  return (
    <>
      {phrase.map((part, i) =>
        part.kind ? (
          <em key={i}>{part.kind === 'name' ? <bdi dir="auto">{part.text}</bdi> : part.text}</em>
        ) : (
          part.text
        ),
      )}
    </>
  )
}

/** The same without emphasis, for heads and lists. */
export function Who({ phrase }: { phrase: Phrase }) {
  return (
    <>
      {phrase.map((part, i) =>
        part.kind === 'name' ? (
          <bdi dir="auto" key={i}>
            {part.text}
          </bdi>
        ) : (
          part.text
        ),
      )}
    </>
  )
}
