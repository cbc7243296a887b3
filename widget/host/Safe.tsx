/** Safe mode: on with one touch, off only by a press that lasts. */

import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { Icon } from '../ui/index.ts'
import { useConsole } from './console.ts'
import { createHold } from './hold.ts'
import { RESUME_HOLD_MS } from './limits.ts'

/** Handlers of a control that must be held; keys count as fingers, and what a screen reader presses counts as held. */
function useResume() {
  const { model, runtime } = useConsole()
  const hold = useMemo(
    () =>
      createHold({ ms: RESUME_HOLD_MS, after: runtime.after, done: () => model.setSafe(false) }),
    [model, runtime],
  )
  const isKey = (event: KeyboardEvent) => event.key === ' ' || event.key === 'Enter'
  return {
    'data-pressed': hold.pressed.value || undefined,
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0) hold.press()
    },
    onPointerUp: hold.release,
    onPointerLeave: hold.release,
    onPointerCancel: hold.release,
    onContextMenu: (event: Event) => event.preventDefault(),
    onBlur: hold.release,
    onKeyDown: (event: KeyboardEvent) => {
      if (!isKey(event)) return
      // Otherwise the browser turns the key into a click, which is not a long press.
      event.preventDefault()
      if (!event.repeat) hold.press()
    },
    onKeyUp: (event: KeyboardEvent) => {
      if (isKey(event)) hold.release()
    },
    onClick: (event: MouseEvent) => {
      // No pointer and no key came before: assistive technology pressed it on purpose.
      if (event.detail === 0) model.setSafe(false)
    },
  }
}

function HoldButton({ class: name, children }: { class: string; children: ComponentChildren }) {
  return (
    <button type="button" class={`hold ${name}`} {...useResume()}>
      <span class="fill" aria-hidden="true" />
      <span class="label">{children}</span>
    </button>
  )
}

/** The band that says that the picture is silent, with the way back. */
export function SafeBar() {
  const { model, t } = useConsole()
  return (
    <div class="safebar">
      <Icon name="shield" />
      <div role="status">
        <b>{t.safeOn}</b>
        <span>{model.safePending.value ? t.safeSending : t.safeWhat}</span>
      </div>
      <HoldButton class="ff-btn">{t.resume}</HoldButton>
    </div>
  )
}

/** Top right on wide screens. */
export function SafeSwitch() {
  const { model, t } = useConsole()
  const safe = model.safe.value
  return (
    <div class="safe">
      <Icon name="shield" />
      <span id="safe-label">{t.safe}</span>
      {safe ? (
        <OnSwitch />
      ) : (
        <button
          type="button"
          class="ff-switch"
          role="switch"
          aria-checked="false"
          aria-labelledby="safe-label"
          onClick={() => model.setSafe(true)}
        />
      )}
    </div>
  )
}

function OnSwitch() {
  const { t } = useConsole()
  return (
    <button
      type="button"
      class="ff-switch"
      role="switch"
      aria-checked="true"
      aria-labelledby="safe-label"
      title={t.resume}
      {...useResume()}
    />
  )
}

/** Always under the thumb on phones. On, it only says so: the way back is the band over it. */
export function SilenceButton() {
  const { model, t } = useConsole()
  const safe = model.safe.value
  return (
    <button
      type="button"
      class="hush"
      aria-pressed={safe}
      onClick={() => {
        if (!safe) model.setSafe(true)
      }}
    >
      <Icon name="shield" />
      <span>{safe ? t.silent : t.silence}</span>
    </button>
  )
}
