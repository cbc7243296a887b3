/** What stands there while nobody is in: waiting, or a place for a ticket, before a page that may be kept. */

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { PointMark } from '../ui/index.ts'
import { Press } from '../ui/press.tsx'
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

interface SignInProps {
  why: Why
  t: Words
  enter: (ticket: string) => void
  /** Whose page waits behind the door. */
  kept?: string
}

export function SignIn({ why, t, enter, kept }: SignInProps) {
  const ticket = useSignal('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
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
        {kept && <p>{t.kept(kept)}</p>}
        <p class="ff-muted">{kept ? t.pasteHere : t.door}</p>
        <label class="fld">
          {t.ticket}
          <input
            ref={field}
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={ticket.value}
            onInput={({ currentTarget }) => {
              ticket.value = currentTarget.value
            }}
          />
        </label>
        <Press type="submit" class="ff-btn pri" off={!ticket.value.trim()}>
          {t.enter}
        </Press>
      </form>
    </main>
  )
}

/** The page while its operator is out: nobody sees it or can touch it, and it comes back as it was, with its focus. */
export function Behind({ shut, children }: { shut: boolean; children: ComponentChildren }) {
  const left = useRef<Element | null>(null)
  useLayoutEffect(() => {
    if (shut) left.current ??= document.activeElement
    else if (left.current instanceof HTMLElement) {
      left.current.focus()
      left.current = null
    }
  }, [shut])
  return (
    <div hidden={shut} inert={shut}>
      {children}
    </div>
  )
}
