/** The draft of the next rulebook: one for all operators, changed by whoever read it last, published as it was seen. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { type Warning, warnings } from '../../shared/rulebook/warnings.ts'
import { type Store, scriptNow } from '../redis/index.ts'
import { readDocument, writeDocument } from './document.ts'
import { rulebookDraftKey } from './keys.ts'
import { type Problem, problemsOf } from './problems.ts'
import { type Published, publishRulebook } from './publish.ts'

const Document = z.object({ by: z.string(), basis: z.int(), book: z.unknown() })

export interface Draft {
  /** Another one with every change. */
  revision: number
  savedAtMs: number
  /** Who changed it last. */
  by: string
  /** The version it was made from. */
  basis: number
  /** As it was sent; it may not fit the schema yet. */
  book: unknown
}

/** What publishing it would say beside the book that holds `now`: where it does not fit, or else what to think over. */
export function checkRulebook(
  book: unknown,
  now?: Rulebook,
): { problems: Problem[]; warnings: Warning[] } {
  const parsed = Rulebook.safeParse(book)
  return parsed.success
    ? { problems: [], warnings: warnings(parsed.data, now) }
    : { problems: problemsOf(parsed.error), warnings: [] }
}

export async function readDraft(store: Store): Promise<Draft | undefined> {
  const found = await readDocument(store, rulebookDraftKey)
  if (!found) return undefined
  const { by, basis, book } = Document.parse(JSON.parse(found.document))
  return { revision: found.revision, savedAtMs: found.savedAtMs, by, basis, book }
}

export interface DraftChange {
  /** The one that was read; 0 where there was none. */
  revision: number
  by: string
  basis: number
  book: unknown
  /** Only with the test clock. */
  nowMs?: number
}

/** Keeps a draft whether it fits or not. Where somebody else changed it meanwhile: `draft_changed`, and nothing is lost. */
export async function saveDraft(
  store: Store,
  { revision, by, basis, book, nowMs }: DraftChange,
): Promise<{ ok: true; revision: number; savedAtMs: number } | Refusal> {
  const document = JSON.stringify({ by, basis, book: book ?? null })
  return write(store, { revision, document, now_ms: scriptNow(nowMs) })
}

export async function discardDraft(store: Store, revision: number) {
  return write(store, { revision, document: '', now_ms: scriptNow() })
}

async function write(
  store: Store,
  { revision, document, now_ms }: { now_ms: number; revision: number; document: string },
): Promise<{ ok: true; revision: number; savedAtMs: number } | Refusal> {
  const saved = await writeDocument(store, rulebookDraftKey, { revision, document, now_ms })
  return saved ? { ok: true, ...saved } : refuse('draft_changed')
}

export interface DraftPublication {
  /** What the publisher saw; never another. */
  revision: number
  by: string
  note: string
  /** Whether somebody else has to have changed it last. */
  review: boolean
  /** From when it holds; at once where it is absent. */
  effectiveAtMs?: number
  nowMs?: number
}

/** Makes the draft the next version; the draft ends with it. */
export async function publishDraft(
  store: Store,
  { revision, by, note, review, effectiveAtMs, nowMs }: DraftPublication,
): Promise<Published | Refusal> {
  const draft = await readDraft(store)
  if (draft?.revision !== revision) return refuse('draft_changed')
  if (review && draft.by === by) return refuse('review_needed')
  const { basis } = draft
  const book =
    typeof draft.book === 'object' && draft.book !== null ? { ...draft.book, note } : draft.book
  return publishRulebook(store, {
    ...{ book, by, basis, draft },
    ...(effectiveAtMs !== undefined && { effectiveAtMs }),
    ...(nowMs !== undefined && { nowMs }),
  })
}
