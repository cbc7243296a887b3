/** Versions of the rulebook as they are kept: which holds, what each says, the list of them. */

import { z } from 'zod'
import { RULE_NUMBERS } from '../../shared/rulebook/presets.ts'
import { type PublishedRulebook, Rulebook } from '../../shared/rulebook/schema.ts'
import { fieldOf, must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { rulebookKey, rulebooksKey, ruleNumbersKey } from './keys.ts'
import { RULEBOOKS_PER_PAGE } from './limits.ts'
import { readTimeline } from './timeline.ts'

/** A stored book that this release cannot read: of a newer one, or damaged. */
export class UnreadableRulebook extends Error {
  override name = 'UnreadableRulebook'
}

const Document = z.object({
  by: z.string(),
  draftedBy: z.string().optional(),
  variantOf: z.int().optional(),
  effectiveAtMs: z.int().optional(),
  book: Rulebook,
})

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
  const [holds] = (await readTimeline(store)).steps
  return holds && rulebookAt(store, holds.version)
}

/** Another text after every publication; what watchers compare. */
export const rulebookHead = async (store: Store): Promise<string | undefined> =>
  (await store.get(rulebookKey)) ?? undefined

/** A version of the timeline. */
export const rulebookAt = async (store: Store, version: number): Promise<PublishedRulebook> =>
  must(await rulebookVersion(store, version), `rulebook ${version} is to hold but not stored`)

export interface RulebookSummary {
  version: number
  publishedAtMs: number
  by: string
  /** Who wrote it, where somebody else published it. */
  draftedBy?: string
  /** It was played by some only, beside this version, and was never current. */
  variantOf?: number
  /** From when it holds, where that is later than its publication. */
  effectiveAtMs?: number
  /** It was scheduled and did not begin. */
  calledBack?: { atMs: number; by: string }
  preset: string
  note: string
}

/** Versions newest first, at most 50; `before` is the last version of the page before. */
export async function listRulebooks(
  store: Store,
  before = Number.POSITIVE_INFINITY,
): Promise<RulebookSummary[]> {
  const [{ steps }, last] = await Promise.all([
    readTimeline(store),
    store.hget(ruleNumbersKey, 'last'),
  ])
  const newest = Math.min(Math.max(Number(last), steps.at(-1)?.version ?? 0), before - 1)
  const versions = Array.from({ length: RULEBOOKS_PER_PAGE }, (_, i) => newest - i).filter(
    (version) => version > 0,
  )
  return summariesOf(store, versions)
}

/** Scheduled versions, in the order in which they begin. */
export async function scheduledRulebooks(store: Store): Promise<RulebookSummary[]> {
  const { steps } = await readTimeline(store)
  return summariesOf(
    store,
    steps.slice(1).map(({ version }) => version),
  )
}

async function summariesOf(store: Store, versions: readonly number[]): Promise<RulebookSummary[]> {
  if (versions.length === 0) return []
  const fields = versions.flatMap((version) => [String(version), `back:${version}`])
  const texts = await store.hmget(rulebooksKey, ...fields)
  return versions.flatMap((version, i) => {
    const text = texts[2 * i]
    return text ? [summary(version, text, texts[2 * i + 1] ?? undefined)] : []
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
  const { by, draftedBy, variantOf, effectiveAtMs, book } = parsed.data
  return {
    ...{ version, publishedAtMs, by },
    ...(draftedBy !== undefined && { draftedBy }),
    ...(variantOf !== undefined && { variantOf }),
    ...(effectiveAtMs !== undefined && { effectiveAtMs }),
    book,
  }
}

/** Read loosely, so that the list also shows versions of a newer release. */
const Listed = z.object({
  by: z.string(),
  draftedBy: z.string().optional(),
  variantOf: z.int().optional(),
  effectiveAtMs: z.int().optional(),
  book: z.object({ preset: z.string(), note: z.string() }),
})

function summary(version: number, text: string, back: string | undefined): RulebookSummary {
  const { publishedAtMs, document } = split(text)
  const { book, ...of } = Listed.parse(document)
  const { draftedBy, variantOf, effectiveAtMs } = of
  const [, atMs, by] = (back && /^(\d+) (.*)$/s.exec(back)) || []
  return {
    ...{ version, publishedAtMs, by: of.by },
    ...(draftedBy !== undefined && { draftedBy }),
    ...(variantOf !== undefined && { variantOf }),
    ...(effectiveAtMs !== undefined && { effectiveAtMs }),
    ...(by !== undefined && { calledBack: { atMs: Number(atMs), by } }),
    ...book,
  }
}

/** A number that no rule ever had, neither here nor in a preset; above the largest one there may be none left. */
export async function nextRuleNumber(store: Store): Promise<number> {
  const fields = await store.hkeys(ruleNumbersKey)
  const taken = fields.flatMap((field) => (field.startsWith('no:') ? [Number(field.slice(3))] : []))
  return Math.max(...taken, ...Object.values(RULE_NUMBERS)) + 1
}
