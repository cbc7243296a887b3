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
}

/** The newest page of versions; read anew with every version that comes into force. */
export function useVersions(inForce: number) {
  const { api } = useDesk()
  return usePolled(
    `versions ${inForce}`,
    () => api.get<{ versions: Version[] }>('/v1/rulebook/versions'),
    RULES_EVERY_MS,
  )
}

export function Versions({ force }: { force: PublishedRulebook }) {
  const { lang } = useDesk()
  const w = wordsOf(lang)
  const { data } = useVersions(force.version)
  return (
    <div class="ff-card">
      <h2 class="ff-h">
        <span>{w.versions}</span>
        <a class="ff-quiet" href={hrefOf('rules', HISTORY)}>
          {w.versionsAll}
        </a>
      </h2>
      <ul class="ver">
        {data?.versions.slice(0, VERSIONS_BESIDE).map((one) => (
          <li key={one.version}>
            <VersionLine of={one} />
          </li>
        ))}
      </ul>
    </div>
  )
}

export function VersionLine({
  of: { version, by, draftedBy, note, publishedAtMs },
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
      </span>
      <time class="ff-n" dateTime={new Date(publishedAtMs).toISOString()}>
        {momentOf(publishedAtMs, wallMs(), reader)}
      </time>
    </>
  )
}
