/** The last look before a draft holds, and before it is given up. */

import { useSignal } from '@preact/signals'
import { useCallback, useRef } from 'preact/hooks'
import type { Change } from '../../../shared/rulebook/changes.ts'
import { wallMs } from '../../client/runtime.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { momentOf } from '../time.ts'
import { useEditing, wordsOf } from './context.ts'
import { Diff } from './Diff.tsx'
import { NOTE_CHARS_MAX } from './limits.ts'
import type { Rules } from './store.ts'
import { effectiveAt, midnightAfter, useZone, When } from './When.tsx'

interface PublishProps {
  rules: Rules
  /** What is looked at; never another. */
  revision: number
  /** Days of notice that it needs; 0 for none. */
  noticeDays: number
  said: readonly Change[]
  close: () => void
}

export function Publish({ rules, revision, noticeDays, said, close }: PublishProps) {
  const { api, say } = useDesk()
  const { w, lang } = useEditing()
  const note = useSignal('')
  const timeZone = useZone()
  const from = useSignal(noticeDays > 0 ? midnightAfter(noticeDays, wallMs(), timeZone) : '')
  const doing = useDoing()
  const leave = useCallback(close, [])
  const basis = useRef(rules.force.peek()?.version ?? 0).current
  const run = async () => {
    const effectiveAtMs = effectiveAt(from.value, timeZone)
    const body = {
      ...{ revision, note: note.value.trim() },
      ...(effectiveAtMs !== undefined && { effectiveAtMs }),
    }
    const done = await doing.run(`${revision} ${from.value} ${note.value}`, (key) =>
      api.post<{ version: number }>('/v1/rulebook/draft/publish', body, key),
    )
    if (!done) {
      await rules.look()
      // It was done and the answer was lost on its way: with the draft this dialog is gone.
      const version = rules.force.peek()?.version ?? 0
      if (!rules.draft.peek() && version > basis) say(w.published(version))
      return
    }
    const { version } = done
    say(
      effectiveAtMs === undefined
        ? w.published(version)
        : w.scheduled(version, momentOf(effectiveAtMs, wallMs(), { lang, timeZone })),
    )
    await rules.look()
    close()
  }
  return (
    <Dialog
      title={w.publishTitle}
      close={leave}
      wide
      act={{
        label: rules.reviewed.value ? w.approve : w.publish,
        run: () => void run(),
        disabled: doing.busy,
      }}
    >
      <p class="what">{from.value === '' ? w.publishWhat : w.publishLater}</p>
      <div class="scroll">
        <Diff changes={said} lang={lang} />
      </div>
      <When from={from} coming={rules.coming.value} noticeDays={noticeDays} />
      <label class="fld">
        {w.note}
        <input
          data-first
          maxLength={NOTE_CHARS_MAX}
          value={note.value}
          onInput={({ currentTarget }) => {
            note.value = currentTarget.value
          }}
        />
      </label>
      <div class="ready">
        {w.notes.map((text) => (
          <button
            type="button"
            class="ff-chip"
            key={text}
            onClick={() => {
              note.value = text
            }}
          >
            {text}
          </button>
        ))}
      </div>
      <Refusal failure={doing.failure} />
    </Dialog>
  )
}

export function Refusal({ failure }: { failure: ReturnType<typeof useDoing>['failure'] }) {
  const { lang } = useDesk()
  const w = wordsOf(lang)
  const timeZone = useZone()
  if (failure?.fromMs !== undefined)
    return (
      <Refused
        failure={failure}
        text={w.noticeFrom(momentOf(failure.fromMs, wallMs(), { lang, timeZone }))}
      />
    )
  const own = failure && w.refused[failure.code]
  return (
    <Refused
      failure={failure}
      {...(own && {
        text: failure.field
          ? `${own}${lang === 'zh' ? `（${failure.field}）` : ` (${failure.field})`}`
          : own,
      })}
    />
  )
}

export function Discard({ rules, close }: { rules: Rules; close: () => void }) {
  const { say } = useDesk()
  const { w } = useEditing()
  const doing = useDoing()
  const leave = useCallback(close, [])
  const run = async () => {
    if (!(await doing.run('discard', () => rules.discard()))) return
    say(w.discarded)
    close()
  }
  return (
    <Dialog
      title={w.discardAsk}
      close={leave}
      act={{ label: w.discard, run: () => void run(), danger: true, disabled: doing.busy }}
    >
      <Refusal failure={doing.failure} />
    </Dialog>
  )
}
