/** The gate for comments: what of a text is shown, and whether it counts. */

import { createHash } from 'node:crypto'
import { REASONS } from '../../shared/receipt.ts'
import type { CommentGate } from '../../shared/rulebook/schema.ts'
import { cleanText } from '../../shared/text.ts'

export interface GatedComment {
  /** Cleaned; empty where nothing is left. */
  text: string
  /** Whether the room may see it. Blocked words and links are not shown; a short text is. */
  shown: boolean
  /** Number of the reason why it does not count; 0 where the account decides. */
  refused: number
  /** Of the text's letters and digits, so that spaces, case and full-width forms do not make it new. */
  hash: number
}

const LINK =
  /(?:https?[:：]|www\.|javascript[:：])|[a-z0-9-]+\.(?:com|cn|net|org|io|top|xyz|shop|vip|cc|me)\b/iu
const LETTERS = /[^\p{L}\p{N}]+/gu

/** Letters that look like Latin ones, folded so that a copy in another script is still a copy. */
const LOOKALIKES: Record<string, string> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  і: 'i',
  ο: 'o',
  α: 'a',
  ν: 'v',
  ι: 'i',
  κ: 'k',
  ρ: 'p',
  τ: 't',
}

/** The text as comparisons see it. */
const skeleton = (text: string): string =>
  [...text.toLowerCase().replace(LETTERS, '')].map((char) => LOOKALIKES[char] ?? char).join('')

const blocked = new WeakMap<CommentGate, string[]>()

/** The rulebook's blocked words as comparisons see them, worked out once per rulebook. */
function blockedBy(gate: CommentGate): string[] {
  let words = blocked.get(gate)
  if (!words) {
    words = gate.blocked.map(skeleton).filter((word) => word !== '')
    blocked.set(gate, words)
  }
  return words
}

const hashOf = (text: string): number =>
  createHash('sha1').update(text).digest().readUInt32BE(0) || 1

export function gateComment(raw: string, gate: CommentGate): GatedComment {
  const text = cleanText(raw)
  const bare = skeleton(text)
  const length = [...bare].length
  const comment = (refused: number, shown: boolean): GatedComment => ({
    text,
    shown: shown && text !== '',
    refused,
    hash: hashOf(bare),
  })
  if ([...text].length > gate.maxLength) return comment(REASONS.comment_long, false)
  if (gate.links === 'refuse' && LINK.test(text)) return comment(REASONS.comment_link, false)
  if (blockedBy(gate).some((word) => bare.includes(word)))
    return comment(REASONS.comment_blocked, false)
  if (length < gate.minLength) return comment(REASONS.comment_short, true)
  return comment(0, true)
}
