/** Points buy less only after a notice: viewers who saved for something have so long to spend. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { RedemptionPolicy } from '../../shared/rulebook/redemption.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { type Noticed, valueCut, type Worth } from '../../shared/rulebook/warnings.ts'
import { DAY_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { rulebooksKey } from './keys.ts'
import { NOTICE_LOOKS_BACK } from './limits.ts'
import type { Step, Timeline } from './timeline.ts'

interface Judged {
  book: Rulebook
  effectiveAtMs?: number
  variant?: true
}

/**
 * `notice_needed` where a point would buy less sooner than the version that it follows allows. What it bought within that time
 * already is no cut, so a mistake in viewers' favour can be taken back while it is young. Else what the book follows, and the
 * head by which it was judged, where that decided. A variant is for some and for a time, and needs none.
 */
export async function noticeNeeded(
  store: Store,
  { head, nowMs, steps }: Timeline,
  { book, effectiveAtMs = nowMs, variant }: Judged,
): Promise<{ before?: Noticed; by: string } | Refusal> {
  const earlier = steps.filter(({ atMs }, i) => i === 0 || atMs < effectiveAtMs)
  const last = earlier.at(-1)
  const before = last && (await versionAt(store, last.version))?.book
  const cut = before && valueCut(book, before)
  if (!before || !cut || variant) return { ...(before && { before }), by: '' }
  const noticeMs = before.redemption.noticeDays * DAY_MS
  const soon = effectiveAtMs < nowMs + noticeMs
  if (soon && !(await boughtAsLittle(store, book, { steps: earlier, sinceMs: nowMs - noticeMs })))
    return refuse('notice_needed', { field: cut.field, fromMs: nowMs + noticeMs })
  return { before, by: head }
}

/** Read loosely, so that one of a newer release can be left again. */
const Kept = z.object({
  variantOf: z.int().optional(),
  effectiveAtMs: z.int().optional(),
  book: z.object({
    pointValueFen: z.number().default(1),
    redemption: z.object(RedemptionPolicy.shape).prefault({}),
  }),
})

interface KeptVersion {
  book: Noticed
  startsAtMs: number
  /** It was called back, or only some played it. */
  neverHeld: boolean
}

async function versionAt(store: Store, version: number): Promise<KeptVersion | undefined> {
  const [text, back] = await store.hmget(rulebooksKey, String(version), `back:${version}`)
  if (!text) return undefined
  const space = text.indexOf(' ')
  const { book, variantOf, effectiveAtMs } = Kept.parse(JSON.parse(text.slice(space + 1)))
  const startsAtMs = effectiveAtMs ?? Number(text.slice(0, space))
  return { book, startsAtMs, neverHeld: Boolean(back) || variantOf !== undefined }
}

/** Whether by one of the versions that held since then, or is to hold before it, a point buys no more than by this book. */
async function boughtAsLittle(
  store: Store,
  book: Worth,
  { steps, sinceMs }: { steps: readonly Step[]; sinceMs: number },
): Promise<boolean> {
  const isEnough = (other: Worth) => valueCut(book, other) === undefined
  for (const { version } of steps.slice(1)) {
    const coming = await versionAt(store, version)
    if (coming && isEnough(coming.book)) return true
  }
  // Backwards from what holds: a version held until the one after it began.
  let [{ version, atMs: untilMs } = { version: 0, atMs: 0 }] = steps
  for (let i = 0; i < NOTICE_LOOKS_BACK && untilMs > sinceMs; i++) {
    version -= 1
    const kept = await versionAt(store, version)
    if (!kept) return false
    if (kept.neverHeld) continue
    if (isEnough(kept.book)) return true
    untilMs = kept.startsAtMs
  }
  return false
}
