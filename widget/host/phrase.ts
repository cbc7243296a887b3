/** A sentence in parts, so that what matters in it can be shown in jade and user content stays isolated. */

export interface Part {
  text: string
  /** `strong`: the part that changes. `name`: a viewer's name, inert and isolated from the text around it. */
  kind?: 'strong' | 'name'
}

export type Phrase = Part[]

export const plain = (phrase: Phrase): string => phrase.map((part) => part.text).join('')

/** `phrase\`Last ${minutes}.\``: what is interpolated is strong unless it is a phrase itself. */
export function phrase(
  texts: TemplateStringsArray,
  ...values: (string | number | Phrase)[]
): Phrase {
  const parts: Phrase = []
  texts.forEach((text, i) => {
    if (text) parts.push({ text })
    const value = values[i]
    if (value === undefined) return
    if (typeof value === 'object') parts.push(...value)
    else parts.push({ text: String(value), kind: 'strong' })
  })
  return parts
}
