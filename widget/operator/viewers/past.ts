/** The history as far as it was read: what is new is put before it, and older pages are asked for once. */

import type { HistoryEntry } from '../../../shared/ledger.ts'
import type { Answer } from '../api.ts'

/** Pages that are kept at most; what is older is in the statements. */
export const PAGES_MAX = 100
/** Pages that are read to come up to what is known; with more new lines than that it begins anew. */
const CATCH_UP_PAGES_MAX = 5

export interface Page {
  entries: HistoryEntry[]
  next?: string
}

export interface Past {
  entries: readonly HistoryEntry[]
  /** There are older lines: another page of them, or only in the statements. */
  older?: 'page' | 'statement'
}

export type ReadPage = (before: string | undefined) => Promise<Answer<Page>>

/** Answers the newest lines and as many pages before them as are wanted. */
export function createPast(read: ReadPage): (pages: number) => Promise<Answer<Past>> {
  let known: HistoryEntry[] = []
  let next: string | undefined
  let pages = 0

  async function catchUp(): Promise<Answer<object>> {
    const fresh: HistoryEntry[] = []
    let before: string | undefined
    for (let i = 1; ; i++) {
      const page = await read(before)
      if (!page.ok) return page
      fresh.push(...page.entries)
      before = page.next
      const missing = lacking(fresh, known)
      if (missing !== undefined && missing + known.length > fresh.length) {
        known = [...fresh.slice(0, missing), ...known]
        return { ok: true }
      }
      // Either all that was known stands in it, or too much happened since.
      if (missing !== undefined || before === undefined || i === CATCH_UP_PAGES_MAX) {
        known = fresh
        next = before
        pages = i
        return { ok: true }
      }
    }
  }

  async function older(from: string): Promise<Answer<object>> {
    const page = await read(from)
    // Something else has changed meanwhile where the page belongs.
    if (!page.ok || from !== next) return page
    known = [...known, ...page.entries]
    next = page.next
    pages += 1
    return page
  }

  return async (wanted) => {
    let answer = await catchUp()
    while (answer.ok && next !== undefined && pages < Math.min(wanted, PAGES_MAX))
      answer = await older(next)
    if (!answer.ok) return answer
    if (next === undefined) return { ok: true, entries: known }
    return { ok: true, entries: known, older: pages < PAGES_MAX ? 'page' : 'statement' }
  }
}

/** How many of `fresh` are newer than `known`; undefined where the two do not meet. Lines have no names, but none changes. */
function lacking(
  fresh: readonly HistoryEntry[],
  known: readonly HistoryEntry[],
): number | undefined {
  const [a, b] = [fresh, known].map((all) => all.map((entry) => JSON.stringify(entry)))
  if (!a || !b) return undefined
  if (b.length === 0) return 0
  for (let i = 0; i < a.length; i++)
    if (a.slice(i, i + b.length).every((line, k) => line === b[k])) return i
  return undefined
}
