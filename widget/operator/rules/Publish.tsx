/** The last look before a draft holds, and before it is given up. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import type { Change } from '../../../shared/rulebook/changes.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { useEditing } from './context.ts'
import { Diff } from './Diff.tsx'
import { NOTE_CHARS_MAX } from './limits.ts'
import type { Rules } from './store.ts'

interface PublishProps {
  rules: Rules
  /** What is looked at; never another. */
  revision: number
  next: number
  said: readonly Change[]
  close: () => void
}

export function Publish({ rules, revision, next, said, close }: PublishProps) {
  const { api, say } = useDesk()
  const { w, lang } = useEditing()
  const note = useSignal('')
  const doing = useDoing()
  const leave = useCallback(close, [])
  const run = async () => {
    const body = { revision, note: note.value.trim() }
    const done = await doing.run(`${revision} ${note.value}`, (key) =>
      api.post<{ version: number }>('/v1/rulebook/draft/publish', body, key),
    )
    if (!done) return void rules.look()
    say(w.published(done.version))
    await rules.look()
    close()
  }
  return (
    <Dialog
      title={w.publishTitle(next)}
      close={leave}
      wide
      act={{
        label: rules.reviewed.value ? w.approve : w.publish,
        run: () => void run(),
        disabled: doing.busy,
      }}
    >
      <p class="what">{w.publishWhat}</p>
      <div class="scroll">
        <Diff changes={said} lang={lang} />
      </div>
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

function Refusal({ failure }: { failure: ReturnType<typeof useDoing>['failure'] }) {
  const { w } = useEditing()
  const own = failure && w.refused[failure.code]
  return (
    <Refused
      failure={failure}
      {...(own && { text: failure.field ? `${own}（${failure.field}）` : own })}
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
