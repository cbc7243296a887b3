/** The dry run that operators asked for last: one at a time, asked for here, played by a worker. */

import { z } from 'zod'
import type { DryRunAsked, DryRunEnd, DryRunReport } from '../../shared/dry-run.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { randomId } from '../kernel/index.ts'
import { type Store, scriptNow } from '../redis/index.ts'
import { readDocument, writeDocument } from './document.ts'
import { readDraft } from './draft.ts'
import { dryRunKey } from './keys.ts'
import { DRY_RUN_LOST_MS } from './limits.ts'
import { parsedOrRefused } from './publish.ts'

export type DryRunState = 'asked' | 'running' | 'done' | 'ended'

/** As Redis has it. */
export interface DryRunJob {
  id: string
  state: DryRunState
  asked: DryRunAsked
  /** Who asked. */
  by: string
  /** Of the draft that is tried, and what it was then. */
  draft: number
  book: Rulebook
  progress?: { done: number; of: number }
  report?: DryRunReport
  /** Why there is no result. */
  why?: DryRunEnd
}

export interface KnownJob extends DryRunJob {
  revision: number
  savedAtMs: number
}

const Known = z.looseObject({ id: z.string(), state: z.string(), book: Rulebook })

/** The last one that was asked for; undefined where there never was one, or an older release cannot read it. */
export async function readDryRun(store: Store): Promise<KnownJob | undefined> {
  const found = await readDocument(store, dryRunKey)
  if (!found) return undefined
  const { revision, savedAtMs } = found
  const parsed: unknown = JSON.parse(found.document)
  if (!Known.safeParse(parsed).success) return undefined
  return { ...(parsed as DryRunJob), revision, savedAtMs }
}

/** Whether it waits or runs, and somebody has said so lately. */
export const isUnderWay = ({ state, savedAtMs }: KnownJob, nowMs: number): boolean =>
  (state === 'asked' || state === 'running') && nowMs - savedAtMs < DRY_RUN_LOST_MS

/** Asks for one of the draft as it was read. One at a time: `busy` while another is under way. */
export async function askDryRun(
  store: Store,
  of: { draft: number; asked: DryRunAsked; by: string; nowMs: number },
): Promise<{ ok: true; id: string } | Refusal> {
  const draft = await readDraft(store)
  if (draft?.revision !== of.draft) return refuse('draft_changed')
  const book = parsedOrRefused(draft.book)
  if (!book.ok) return book
  const last = await readDryRun(store)
  if (last && isUnderWay(last, of.nowMs)) return refuse('busy')
  const { asked, by } = of
  const job: DryRunJob = {
    id: randomId(8),
    state: 'asked',
    asked,
    by,
    draft: of.draft,
    book: book.book,
  }
  const revision = (await readDocument(store, dryRunKey))?.revision ?? 0
  return (await save(store, job, revision)) === undefined
    ? refuse('busy')
    : { ok: true, id: job.id }
}

/** Answers the revision it has now, or undefined where somebody else changed it: then it is not ours any more. */
export async function changeDryRun(
  store: Store,
  { revision, savedAtMs: _, ...job }: KnownJob,
  change: Partial<DryRunJob>,
): Promise<KnownJob | undefined> {
  const next = { ...job, ...change }
  const saved = await save(store, next, revision)
  return saved && { ...next, ...saved }
}

/** Ends the one that is under way; whoever plays it finds that it is not theirs any more. */
export async function cancelDryRun(store: Store, id: string): Promise<{ ok: true } | Refusal> {
  for (;;) {
    const job = await readDryRun(store)
    if (job?.id !== id) return refuse('not_found', { field: 'id' })
    if (job.state === 'done' || job.state === 'ended') return { ok: true }
    if (await changeDryRun(store, job, { state: 'ended', why: 'cancelled' })) return { ok: true }
  }
}

const save = (store: Store, job: DryRunJob, revision: number) =>
  writeDocument(store, dryRunKey, { revision, document: JSON.stringify(job), now_ms: scriptNow() })
