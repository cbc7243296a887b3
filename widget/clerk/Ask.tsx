/** Where a code comes from: the camera, or a number that is typed. */

import { signal } from '@preact/signals'
import { Press } from '../ui/press.tsx'
import type { Desk } from './desk.ts'

const typed = signal('')

export const SCAN_ID = 'scan'
export const NUMBER_ID = 'number'

export function Ask({ desk: { model, t, camera } }: { desk: Desk }) {
  const state = camera.state.value
  return (
    <section class="ask">
      {state === 'on' && (
        <div class="finder">
          <video ref={camera.show} playsInline muted />
          <i />
        </div>
      )}
      <button
        type="button"
        id={SCAN_ID}
        class={`ff-btn ${state === 'on' ? 'ghost' : 'pri'} wide`}
        onClick={state === 'on' ? camera.stop : camera.start}
      >
        {state === 'on' ? t.stopScan : t.scan}
      </button>
      {state !== 'on' && state !== 'off' && (
        <p class="hint" role="status">
          {t.noCamera[state]}
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void model.hand(typed.value).then(() => {
            // A slip is mended, not typed anew.
            if (model.verdict.value?.kind !== 'typo') typed.value = ''
          })
        }}
      >
        <input
          id={NUMBER_ID}
          value={typed.value}
          aria-label={t.type}
          placeholder={t.typeHint}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          enterkeyhint="go"
          maxLength={400}
          onInput={({ currentTarget }) => {
            typed.value = currentTarget.value
          }}
        />
        <Press type="submit" class="ff-btn" off={model.working.value || !typed.value.trim()}>
          {model.working.value ? t.working : t.go}
        </Press>
      </form>
    </section>
  )
}
