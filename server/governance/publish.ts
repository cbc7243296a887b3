/** Publication of rulebooks: at once or from an instant on, always as the next version. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { DEFAULT_PRESET, PRESETS } from '../../shared/rulebook/presets.ts'
import {
  type PublishedRulebook,
  Rulebook,
  type RulebookInput,
} from '../../shared/rulebook/schema.ts'
import { type Warning, warnings } from '../../shared/rulebook/warnings.ts'
import { fieldOf, must } from '../kernel/index.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { rulebookDraftKey, rulebookKey, rulebooksKey, ruleNumbersKey } from './keys.ts'
import { RULEBOOKS_KEPT, SCHEDULE_AHEAD_MS, SCHEDULED_MAX } from './limits.ts'
import { noticeNeeded } from './notice.ts'
import publishSource from './publish.lua'
import { currentRulebook, rulebookVersion } from './rulebooks.ts'
import { readTimeline } from './timeline.ts'

const publishScript = defineScript({
  name: 'governance.publish',
  source: publishSource,
  keys: ['head', 'books', 'numbers', 'draft'],
  args: {
    now_ms: 'int',
    document: 'str',
    kept: 'int',
    only_first: 'int',
    basis: 'int',
    revision: 'int',
    variant: 'int',
    effective_at_ms: 'int',
    ahead_ms: 'int',
    steps: 'int',
    judged: 'str',
    by: 'str',
  },
  each: { keys: [], args: { id: 'str', no: 'int' } },
  replies: {
    published: { version: 'int', at_ms: 'int', called_back: 'list' },
    moved: {},
    untimely: {},
    renumbered: { index: 'int' },
    exists: {},
    redrafted: {},
    outdated: {},
  },
})

export interface Publication {
  /** Whatever the operator sent; the schema decides. */
  book: unknown
  /** Who publishes, as the list of versions shows it. */
  by: string
  /** From when it holds, Redis time; at once where it is absent. */
  effectiveAtMs?: number
  /** The version it was made from; where it would follow another one, it is `rulebook_moved`. */
  basis?: number
  /** It is played by some only, beside `basis`, and does not become current. */
  variant?: true
  /** The draft it is, which ends with it; where that was changed meanwhile, it is `draft_changed`. */
  draft?: { revision: number; by: string }
  /** Only with the test clock. */
  nowMs?: number
}

export interface Published {
  ok: true
  published: PublishedRulebook
  /** Versions that were to begin after it: they were made from something else. */
  calledBack: number[]
  /** What the operator should think over; the book holds all the same. */
  warnings: Warning[]
}

/** A cut that others publish beside is judged once more, so often. */
const JUDGED_AGAIN_MAX = 5

/** Makes a book the next version; it holds for what is scored from its instant on, never for what was. */
export async function publishRulebook(
  store: Store,
  publication: Publication,
): Promise<Published | Refusal> {
  for (let i = 0; i < JUDGED_AGAIN_MAX; i++) {
    const parsed = parsedOrRefused(publication.book)
    if (!parsed.ok) return parsed
    const { book } = parsed
    const timeline = await readTimeline(store, publication.nowMs)
    if ((publication.effectiveAtMs ?? timeline.nowMs) < timeline.nowMs)
      return refuse('bad_request', { field: 'effectiveAtMs' })
    const judged = await noticeNeeded(store, timeline, { ...publication, book })
    if ('ok' in judged) return judged
    const answer = await write(store, { ...publication, book }, { judged: judged.by })
    if (answer.tag === 'done') return { ...answer.done, warnings: warnings(book, judged.before) }
    if (answer.tag === 'refused') return answer.refusal
  }
  return refuse('busy')
}

/** The current book; where there is none yet, `first` becomes version 1. */
export async function ensureRulebook(
  store: Store,
  first: RulebookInput = PRESETS[DEFAULT_PRESET],
): Promise<PublishedRulebook> {
  const current = await currentRulebook(store)
  if (current) return current
  const parsed = parsedOrRefused(first)
  if (!parsed.ok) throw new Error(`the first rulebook is invalid at ${parsed.field}`)
  const made = await write(store, { book: parsed.book, by: 'fanfare' }, { onlyFirst: true })
  // Else another process was first.
  return made.tag === 'done'
    ? made.done.published
    : must(await currentRulebook(store), 'a rulebook exists')
}

/** An old version once more, as the newest. A version that is not kept is `not_found`. */
export async function rollBackRulebook(
  store: Store,
  { version, ...rest }: { version: number } & Pick<Publication, 'by' | 'effectiveAtMs' | 'nowMs'>,
): Promise<Published | Refusal> {
  const old = await rulebookVersion(store, version)
  if (!old) return refuse('not_found', { field: 'version' })
  const book = { ...old.book, note: `Back to version ${version}` }
  return publishRulebook(store, { ...rest, book })
}

/** A book that fits, or where it does not. */
export function parsedOrRefused(input: unknown): { ok: true; book: Rulebook } | Refusal {
  const parsed = Rulebook.safeParse(input)
  return parsed.success
    ? { ok: true, book: parsed.data }
    : refuse('rulebook_invalid', { field: fieldOf(parsed.error, '') })
}

type Written =
  | { tag: 'done'; done: Omit<Published, 'warnings'> }
  | { tag: 'refused'; refusal: Refusal }
  /** It was judged by what is not so any more, or there is a version already. */
  | { tag: 'moved' }

async function write(
  store: Store,
  publication: Omit<Publication, 'book'> & { book: Rulebook },
  { judged = '', onlyFirst = false }: { judged?: string; onlyFirst?: boolean },
): Promise<Written> {
  const { book, by, effectiveAtMs, basis = 0, variant, draft, nowMs } = publication
  const of = {
    by,
    ...(draft && draft.by !== by && { draftedBy: draft.by }),
    ...(variant && { variantOf: basis }),
    ...(effectiveAtMs !== undefined && { effectiveAtMs }),
  }
  const reply = await publishScript.run(store, {
    keys: {
      head: rulebookKey,
      books: rulebooksKey,
      numbers: ruleNumbersKey,
      draft: rulebookDraftKey,
    },
    args: {
      now_ms: scriptNow(nowMs),
      document: JSON.stringify({ ...of, book }),
      kept: RULEBOOKS_KEPT,
      only_first: onlyFirst ? 1 : 0,
      basis,
      revision: draft?.revision ?? 0,
      variant: variant ? 1 : 0,
      effective_at_ms: effectiveAtMs ?? 0,
      ahead_ms: SCHEDULE_AHEAD_MS,
      steps: SCHEDULED_MAX,
      judged,
      by,
    },
    each: book.earn.map(({ id, no }) => ({ keys: {}, args: { id, no } })),
  })
  const refused = (refusal: Refusal): Written => ({ tag: 'refused', refusal })
  switch (reply.tag) {
    case 'published': {
      const published = { version: reply.version, publishedAtMs: reply.at_ms, ...of, book }
      const calledBack = reply.called_back.map(Number)
      return { tag: 'done', done: { ok: true, published, calledBack } }
    }
    case 'renumbered':
      return refused(refuse('rulebook_invalid', { field: `earn.${reply.index}.no` }))
    case 'redrafted':
      return refused(refuse('draft_changed'))
    case 'outdated':
      return refused(refuse('rulebook_moved'))
    case 'untimely':
      return refused(refuse('bad_request', { field: 'effectiveAtMs' }))
    case 'moved':
    case 'exists':
      return { tag: 'moved' }
    default:
      return reply satisfies never
  }
}
