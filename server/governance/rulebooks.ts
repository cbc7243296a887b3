/** Versions of the rulebook: published once, never changed, current until the next. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { DEFAULT_PRESET, PRESETS, RULE_NUMBERS } from '../../shared/rulebook/presets.ts'
import {
  type PublishedRulebook,
  Rulebook,
  type RulebookInput,
} from '../../shared/rulebook/schema.ts'
import { type Warning, warnings } from '../../shared/rulebook/warnings.ts'
import { fieldOf, must } from '../kernel/index.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { rulebookDraftKey, rulebookKey, rulebooksKey, ruleNumbersKey } from './keys.ts'
import { RULEBOOKS_KEPT, RULEBOOKS_PER_PAGE } from './limits.ts'
import publishSource from './publish.lua'

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
  },
  each: { keys: [], args: { id: 'str', no: 'int' } },
  replies: {
    published: { version: 'int', at_ms: 'int' },
    renumbered: { index: 'int' },
    exists: {},
    redrafted: {},
    outdated: {},
  },
})

/** A stored book that this release cannot read: of a newer one, or damaged. */
export class UnreadableRulebook extends Error {
  override name = 'UnreadableRulebook'
}

const Document = z.object({
  by: z.string(),
  draftedBy: z.string().optional(),
  variantOf: z.int().optional(),
  book: Rulebook,
})

export interface Publication {
  /** Whatever the operator sent; the schema decides. */
  book: unknown
  /** Who publishes, as the list of versions shows it. */
  by: string
  /** The version it was made from; where another is the newest by now, it is `rulebook_moved`. */
  basis?: number
  /** It is played by some only, beside `basis`, and does not become current. */
  variant?: true
  /** The draft it is, which ends with it; where that was changed meanwhile, it is `draft_changed`. */
  draft?: { revision: number; by: string }
  /** The book that holds, which tells what is cut. */
  now?: Rulebook
  /** Only with the test clock. */
  nowMs?: number
}

export interface Published {
  ok: true
  published: PublishedRulebook
  /** What the operator should think over; the book holds all the same. */
  warnings: Warning[]
}

/** Makes a book the next version; it holds for what is scored from now on, never for what was. */
export async function publishRulebook(
  store: Store,
  publication: Publication,
): Promise<Published | Refusal> {
  const answer = await publish(store, publication, false)
  return must(answer, 'only the first version is published on condition')
}

async function publish(
  store: Store,
  { book: input, by, basis = 0, variant, draft, now, nowMs }: Publication,
  onlyFirst: boolean,
): Promise<Published | Refusal | undefined> {
  const parsed = parsedOrRefused(input)
  if (!parsed.ok) return parsed
  const { book } = parsed
  const of = {
    by,
    ...(draft && draft.by !== by && { draftedBy: draft.by }),
    ...(variant && { variantOf: basis }),
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
    },
    each: book.earn.map(({ id, no }) => ({ keys: {}, args: { id, no } })),
  })
  switch (reply.tag) {
    case 'published':
      return {
        ok: true,
        published: { version: reply.version, publishedAtMs: reply.at_ms, ...of, book },
        warnings: warnings(book, now),
      }
    case 'renumbered':
      return refuse('rulebook_invalid', { field: `earn.${reply.index}.no` })
    case 'redrafted':
      return refuse('draft_changed')
    case 'outdated':
      return refuse('rulebook_moved')
    case 'exists':
      return undefined
    default:
      return reply satisfies never
  }
}

/** A book that fits, or where it does not. */
export function parsedOrRefused(input: unknown): { ok: true; book: Rulebook } | Refusal {
  const parsed = Rulebook.safeParse(input)
  return parsed.success
    ? { ok: true, book: parsed.data }
    : refuse('rulebook_invalid', { field: fieldOf(parsed.error, '') })
}

/** A published version, or undefined where there is none or it is no longer kept. Throws UnreadableRulebook. */
export async function rulebookVersion(
  store: Store,
  version: number,
): Promise<PublishedRulebook | undefined> {
  const text = await store.hget(rulebooksKey, String(version))
  return text === null ? undefined : read(version, text)
}

/** The version that holds now, or undefined before the first. Throws UnreadableRulebook. */
export async function currentRulebook(store: Store): Promise<PublishedRulebook | undefined> {
  const head = await rulebookHead(store)
  return head === undefined ? undefined : rulebookAt(store, head)
}

/** Changes with every version; what watchers compare. */
export const rulebookHead = async (store: Store): Promise<string | undefined> =>
  (await store.get(rulebookKey)) ?? undefined

export async function rulebookAt(store: Store, head: string): Promise<PublishedRulebook> {
  const version = Number.parseInt(head, 10)
  return must(
    await rulebookVersion(store, version),
    `rulebook ${version} is current but not stored`,
  )
}

/** The current book; where there is none yet, `first` becomes version 1. */
export async function ensureRulebook(
  store: Store,
  first: RulebookInput = PRESETS[DEFAULT_PRESET],
): Promise<PublishedRulebook> {
  const current = await currentRulebook(store)
  if (current) return current
  const made = await publish(store, { book: first, by: 'fanfare' }, true)
  if (made && !made.ok) throw new Error(`the first rulebook is invalid at ${made.field}`)
  // Another process was first.
  return made?.published ?? must(await currentRulebook(store), 'a rulebook exists')
}

export interface RulebookSummary {
  version: number
  publishedAtMs: number
  by: string
  /** Who wrote it, where somebody else published it. */
  draftedBy?: string
  /** It was played by some only, beside this version, and was never current. */
  variantOf?: number
  preset: string
  note: string
}

/** Versions newest first, at most 50; `before` is the last version of the page before. */
export async function listRulebooks(
  store: Store,
  before = Number.POSITIVE_INFINITY,
): Promise<RulebookSummary[]> {
  const head = await rulebookHead(store)
  const newest = Math.min(head === undefined ? 0 : Number.parseInt(head, 10), before - 1)
  const versions = Array.from({ length: RULEBOOKS_PER_PAGE }, (_, i) => newest - i).filter(
    (version) => version > 0,
  )
  if (versions.length === 0) return []
  const texts = await store.hmget(rulebooksKey, ...versions.map(String))
  return versions.flatMap((version, i) => {
    const text = texts[i]
    return text ? [summary(version, text)] : []
  })
}

/** An old version once more, as the newest. A version that is not kept is `not_found`. */
export async function rollBackRulebook(
  store: Store,
  { version, by, now, nowMs }: { version: number; by: string; now?: Rulebook; nowMs?: number },
): Promise<Published | Refusal> {
  const old = await rulebookVersion(store, version)
  if (!old) return refuse('not_found', { field: 'version' })
  const book = { ...old.book, note: `Back to version ${version}` }
  return publishRulebook(store, {
    ...{ book, by },
    ...(now && { now }),
    ...(nowMs !== undefined && { nowMs }),
  })
}

function split(text: string): { publishedAtMs: number; document: unknown } {
  const space = text.indexOf(' ')
  return {
    publishedAtMs: Number(text.slice(0, space)),
    document: JSON.parse(text.slice(space + 1)),
  }
}

function read(version: number, text: string): PublishedRulebook {
  const { publishedAtMs, document } = split(text)
  const parsed = Document.safeParse(document)
  if (!parsed.success)
    throw new UnreadableRulebook(
      `rulebook ${version} cannot be read by this release, at ${fieldOf(parsed.error, '')}`,
      { cause: parsed.error },
    )
  const { by, draftedBy, variantOf, book } = parsed.data
  return {
    ...{ version, publishedAtMs, by },
    ...(draftedBy !== undefined && { draftedBy }),
    ...(variantOf !== undefined && { variantOf }),
    book,
  }
}

/** Read loosely, so that the list also shows versions of a newer release. */
const Listed = z.object({
  by: z.string(),
  draftedBy: z.string().optional(),
  variantOf: z.int().optional(),
  book: z.object({ preset: z.string(), note: z.string() }),
})

function summary(version: number, text: string): RulebookSummary {
  const { publishedAtMs, document } = split(text)
  const { book, ...of } = Listed.parse(document)
  const { draftedBy, variantOf } = of
  return {
    ...{ version, publishedAtMs, by: of.by },
    ...(draftedBy !== undefined && { draftedBy }),
    ...(variantOf !== undefined && { variantOf }),
    ...book,
  }
}

/** A number that no rule ever had, neither here nor in a preset; above the largest one there may be none left. */
export async function nextRuleNumber(store: Store): Promise<number> {
  const fields = await store.hkeys(ruleNumbersKey)
  const taken = fields.flatMap((field) => (field.startsWith('no:') ? [Number(field.slice(3))] : []))
  return Math.max(...taken, ...Object.values(RULE_NUMBERS)) + 1
}
