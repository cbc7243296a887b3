/** What stands there before somebody is in: waiting, or a place for a ticket. */

import { useSignal } from '@preact/signals'
import { PointMark } from '../ui/index.ts'
import type { Why } from './session.ts'
import type { Words } from './words.ts'

export function Waiting({ t }: { t: Words }) {
  return (
    <main class="door">
      <p class="ff-card" role="status">
        {t.signingIn}
      </p>
    </main>
  )
}

export function SignIn({ why, t, enter }: { why: Why; t: Words; enter: (ticket: string) => void }) {
  const ticket = useSignal('')
  return (
    <main class="door">
      <form
        class="ff-card"
        onSubmit={(event) => {
          event.preventDefault()
          if (ticket.value.trim()) enter(ticket.value)
        }}
      >
        <h1>
          <PointMark />
          {t.title}
        </h1>
        {why !== 'none' && (
          <p class="note w" role="alert">
            {t.refusals[why] ?? t.refused(why)}
          </p>
        )}
        <p class="ff-muted">{t.door}</p>
        <label class="fld">
          {t.ticket}
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={ticket.value}
            onInput={({ currentTarget }) => {
              ticket.value = currentTarget.value
            }}
          />
        </label>
        <button type="submit" class="ff-btn pri" disabled={!ticket.value.trim()}>
          {t.enter}
        </button>
      </form>
    </main>
  )
}
