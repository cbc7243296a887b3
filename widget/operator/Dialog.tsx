/** A dialog of the console: a title, a form, and one thing to do. */

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { Press } from '../ui/press.tsx'
import { useDialog } from '../ui/use-dialog.ts'
import { type Answer, type Failure, newKey } from './api.ts'
import { useDesk } from './desk.ts'
import { failureText } from './words.ts'

export interface Doing {
  busy: boolean
  failure: Failure | undefined
  /** Does it, under one key as long as `what` is the same: pressing again after no answer does it once. */
  run<T>(
    what: string,
    act: (key: string) => Promise<Answer<T>>,
  ): Promise<({ ok: true } & T) | undefined>
  forget(): void
}

/** What a button does: once at a time, and its refusal is kept to be shown. */
export function useDoing(): Doing {
  const busy = useSignal(false)
  const failure = useSignal<Failure | undefined>(undefined)
  const key = useRef({ what: '', key: '' })
  return {
    busy: busy.value,
    failure: failure.value,
    async run(what, act) {
      if (busy.peek()) return undefined
      if (key.current.what !== what) key.current = { what, key: newKey() }
      busy.value = true
      failure.value = undefined
      const answer = await act(key.current.key)
      busy.value = false
      if (answer.ok) {
        key.current = { what: '', key: '' }
        return answer
      }
      failure.value = answer
      return undefined
    },
    forget: () => {
      failure.value = undefined
    },
  }
}

/** The sentence about a refusal; nothing where there is none. */
export function Refused({ failure, text }: { failure: Failure | undefined; text?: string }) {
  const { t } = useDesk()
  return failure ? (
    <p class="note w" role="alert">
      {text ?? failureText(failure, t)}
    </p>
  ) : null
}

interface DialogProps {
  title: string
  /** The same function in every render. */
  close: () => void
  children: ComponentChildren
  /** The button that does it; without one there is only a way out. */
  act?: { label: string; run: () => void; disabled?: boolean; danger?: boolean }
  wide?: boolean
}

export function Dialog({ title, close, children, act, wide }: DialogProps) {
  const { t } = useDesk()
  const dialog = useDialog(close)
  return (
    <div class="veil">
      <div
        class={wide ? 'dlg wide' : 'dlg'}
        role="dialog"
        aria-modal="true"
        aria-label={title}
        ref={dialog}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (!act?.disabled) act?.run()
          }}
        >
          <h2>{title}</h2>
          {children}
          <div class="go">
            <button type="button" class="ff-btn" onClick={close}>
              {act ? t.cancel : t.close}
            </button>
            {act && (
              <Press
                type="submit"
                class={act.danger ? 'ff-btn dan' : 'ff-btn pri'}
                off={act.disabled ?? false}
              >
                {act.label}
              </Press>
            )}
          </div>
        </form>
      </div>
    </div>
  )
}
