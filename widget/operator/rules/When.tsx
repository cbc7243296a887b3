/** From when a version is to hold: at once, or from an instant by the platform's clock on. */

import type { Signal } from '@preact/signals'
import { DAY_MS } from '../../../shared/time.ts'
import { wallMs } from '../../client/runtime.ts'
import { useDesk } from '../desk.ts'
import { fromWall, momentOf, wallOf } from '../time.ts'
import { wordsOf } from './context.ts'
import type { Version } from './Versions.tsx'

/** The midnight that is so many days away or a little more: `2026-11-28T00:00`. */
export function midnightAfter(days: number, nowMs: number, timeZone: string): string {
  return `${wallOf(nowMs + (days + 1) * DAY_MS, timeZone).slice(0, 10)}T00:00`
}

/** Of the platform; the browser's until it is known. */
export function useZone(): string {
  const { house } = useDesk()
  return house.facts.data.value?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** What the API is told; undefined is at once. */
export const effectiveAt = (from: string, timeZone: string): number | undefined =>
  from === '' ? undefined : fromWall(from, timeZone)

interface WhenProps {
  /** As the field shows it; empty is at once. */
  from: Signal<string>
  /** What is scheduled, in order. */
  coming: readonly Version[]
  /** Days of notice that points which buy less need; 0 where none do. */
  noticeDays: number
}

export function When({ from, coming, noticeDays }: WhenProps) {
  const { lang } = useDesk()
  const w = wordsOf(lang)
  const timeZone = useZone()
  const atMs = effectiveAt(from.value, timeZone) ?? wallMs()
  const ended = coming.filter(({ effectiveAtMs = 0 }) => effectiveAtMs >= atMs)
  const choose = (later: boolean) => {
    from.value = later ? midnightAfter(Math.max(noticeDays, 0), wallMs(), timeZone) : ''
  }
  return (
    <fieldset class="when">
      <legend>{w.from}</legend>
      {[false, true].map((later) => (
        <label key={String(later)}>
          <input
            type="radio"
            name="when"
            checked={(from.value !== '') === later}
            onChange={() => choose(later)}
          />
          {later ? w.later : w.atOnce}
        </label>
      ))}
      {from.value !== '' && (
        <label class="fld">
          {w.instant(timeZone)}
          <input
            type="datetime-local"
            required
            value={from.value}
            onInput={({ currentTarget }) => {
              from.value = currentTarget.value
            }}
          />
        </label>
      )}
      {noticeDays > 0 && <p class="note w">{w.notice(noticeDays)}</p>}
      {ended.map(({ version, effectiveAtMs = 0 }) => (
        <p class="note w" key={version}>
          {w.calledBackBy(version, momentOf(effectiveAtMs, wallMs(), { lang, timeZone }))}
        </p>
      ))}
    </fieldset>
  )
}
