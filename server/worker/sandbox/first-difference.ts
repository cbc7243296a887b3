/** What a script scored and what it scored once more, side by side. */

import { isDeepStrictEqual } from 'node:util'
import type { JournalEntry } from '../../scoring/index.ts'

/** Says in one sentence where two entries first differ; `again` is undefined where the script refused. */
export function firstDifference(told: JournalEntry, again: JournalEntry | undefined): string {
  if (!again) return 'the script refused what it had scored'
  for (const [i, receipt] of told.receipts.entries()) {
    const other = again.receipts[i]
    if (isDeepStrictEqual(receipt, other)) continue
    const of = (one: object | undefined, name: string): unknown => one && Reflect.get(one, name)
    const names = new Set([...Object.keys(receipt), ...Object.keys(other ?? {})])
    const fields = [...names]
      .map((name) => ({ name, was: of(receipt, name), is: of(other, name) }))
      .filter(({ was, is }) => !isDeepStrictEqual(was, is))
    const text = ({ name, was, is }: (typeof fields)[number]) =>
      `${name} was ${JSON.stringify(was)}, is ${JSON.stringify(is)}`
    return `receipt ${i + 1}: ${fields.map(text).join('; ')}`
  }
  for (const [name, value] of Object.entries(told)) {
    const other: unknown = Reflect.get(again, name)
    if (!isDeepStrictEqual(value, other))
      return `${name} was ${JSON.stringify(value)?.slice(0, 200)}, is ${JSON.stringify(other)?.slice(0, 200)}`
  }
  return 'it is the same'
}
