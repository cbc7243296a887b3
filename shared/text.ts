/** Text of people, made harmless: what may be shown of a name or a comment. */

/** Control, format (bidi, zero-width, tags), private and lone surrogate characters, and fillers that show nothing. */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5/gu
const JOINER = '\u200d'
/** A joiner that is not inside an emoji, where alone it changes what is seen. */
const LOOSE_JOINER =
  /(?<!\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d|\u200d(?!\p{Extended_Pictographic})/gu
const MARKS = /(\p{M}{3})\p{M}+/gu
/** Marks with no base of their own; they would stand on what is shown before the text. */
const LOOSE_MARKS = /(?<=^| )\p{M}+/gu

/** NFKC would narrow the punctuation of Chinese; it is kept as it was written. */
const BETWEEN_WIDE = /[^，！？；：（）～]+/gu

/** Words of ASCII with single spaces between them: nothing to be cleaned. */
const PLAIN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/

/**
 * NFKC, one line, without control, bidirectional and zero-width characters, with at most three combining marks on a
 * base and none without one, so that no text can hide, reorder, mark or tower over its neighbours.
 */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) return text
  return text
    .replace(BETWEEN_WIDE, (run) => run.normalize('NFKC'))
    .replace(/\s+/gu, ' ')
    .replace(UNSEEN, (char) => (char === JOINER ? char : ''))
    .replace(LOOSE_JOINER, '')
    .replace(LOOSE_MARKS, '')
    .replace(MARKS, '$1')
    .trim()
}

/** A kiss of two people with shades of skin has ten; Hangul, Indic letters and joined emoji go on without end. */
const CHARACTER_POINTS_MAX = 12
const ENDS_JOINED = /\u200d$/u

/** The first `max` characters as people count them, each cut where it is longer than any that is one. */
export function clipGraphemes(text: string, max: number): string {
  if (text.length <= max) return text
  let clipped = ''
  let count = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (++count > max) return clipped.trimEnd()
    const points = [...segment]
    clipped +=
      points.length <= CHARACTER_POINTS_MAX
        ? segment
        : points.slice(0, CHARACTER_POINTS_MAX).join('').replace(ENDS_JOINED, '')
  }
  return clipped
}

/** A name of which others see the first character alone. */
export const maskName = (name: string): string => `${clipGraphemes(name, 1)}**`
