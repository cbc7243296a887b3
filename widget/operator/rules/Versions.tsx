/** Versions of the book: the newest beside the draft, all of them in the history. */

import type { PublishedRulebook } from '../../../shared/rulebook/schema.ts'
import { wallMs } from '../../client/runtime.ts'
import { hrefOf } from '../address.ts'
import { useDesk } from '../desk.ts'
import { usePolled } from '../poll.ts'
import { momentOf } from '../time.ts'
import { HISTORY, wordsOf } from './context.ts'
import { RULES_EVERY_MS, VERSIONS_BESIDE } from './limits.ts'

export interface Version {
  version: number
  publishedAtMs: number
  by: string
  draftedBy?: string
  note: string
  /** From when it holds, where that is later than its publication. */
  effectiveAtMs?: number
  /** It was scheduled and did not begin. */
  calledBack?: { atMs: number; by: string }
}

/** The newest page of versions; read anew with every version that comes into force or is scheduled. */
export function useVersions(inForce: number, coming: readonly Version[]) {
  const { api } = useDesk()
  return usePolled(
    `versions ${inForce} ${coming.map(({ version }) => version)}`,
    () => api.get<{ versions: Version[] }>('/v1/rulebook/versions'),
    RULES_EVERY_MS,
  )
}

export function Versions({
  force,
  coming,
}: {
  force: PublishedRulebook
  coming: readonly Version[]
}) {
  const { lang } = useDesk()
  const w = wordsOf(lang)
  const { data } = useVersions(force.version, coming)
  const others = data?.versions.filter(
    (one) => !coming.some(({ version }) => version === one.version),
  )
  return (
    <div class="ff-card">
      <h2 class="ff-h">
        <span>{w.versions}</span>
        <a class="ff-quiet" href={hrefOf('rules', HISTORY)}>
          {w.versionsAll}
        </a>
      </h2>
      <ul class="ver">
        {others?.slice(0, VERSIONS_BESIDE).map((one) => (
          <li key={one.version}>
            <VersionLine of={one} />
          </li>
        ))}
      </ul>
    </div>
  )
}

export function VersionLine({
  of: { version, by, draftedBy, note, publishedAtMs, effectiveAtMs = publishedAtMs, calledBack },
}: {
  of: Version
}) {
  const { lang, house } = useDesk()
  const w = wordsOf(lang)
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  // The note of a rollback is the service's own.
  const backTo = /^Back to version (\d+)$/.exec(note)?.[1]
  return (
    <>
      <b class="ff-n">v{version}</b>
      <span class="m">
        <span dir="auto">{backTo ? w.backTo(backTo) : note || w.noNote}</span>
        <small dir="auto">{draftedBy ? w.drafter(by, draftedBy) : by}</small>
        {calledBack && <small dir="auto">{w.wasCalledBack(calledBack.by)}</small>}
      </span>
      <time class="ff-n" dateTime={new Date(effectiveAtMs).toISOString()}>
        {effectiveAtMs > wallMs() && !calledBack
          ? w.startsAt(momentOf(effectiveAtMs, wallMs(), reader))
          : momentOf(calledBack ? publishedAtMs : effectiveAtMs, wallMs(), reader)}
      </time>
    </>
  )
}
