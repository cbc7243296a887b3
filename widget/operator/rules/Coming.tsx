/** Versions that wait for their instant, and calling one back. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { wordsOf } from './context.ts'
import { type Version, VersionLine } from './Versions.tsx'

export function Coming({
  coming,
  look,
}: {
  coming: readonly Version[]
  look: () => Promise<void>
}) {
  const { lang } = useDesk()
  const w = wordsOf(lang)
  const asking = useSignal<Version | undefined>(undefined)
  if (coming.length === 0) return null
  return (
    <div class="ff-card">
      <h2 class="ff-h">{w.coming}</h2>
      <ul class="ver soon">
        {coming.map((one) => (
          <li key={one.version}>
            <VersionLine of={one} />
            <button
              type="button"
              class="ff-btn"
              aria-label={w.callBackOf(one.version)}
              onClick={() => {
                asking.value = one
              }}
            >
              {w.callBack}
            </button>
          </li>
        ))}
      </ul>
      {asking.value && (
        <CallBack
          of={asking.value}
          after={coming.slice(coming.indexOf(asking.value) + 1)}
          look={look}
          close={() => {
            asking.value = undefined
          }}
        />
      )}
    </div>
  )
}

interface CallBackProps {
  of: Version
  /** Those that were to follow it. */
  after: readonly Version[]
  look: () => Promise<void>
  close: () => void
}

function CallBack({ of: { version }, after, look, close }: CallBackProps) {
  const { api, lang, say } = useDesk()
  const w = wordsOf(lang)
  const doing = useDoing()
  const leave = useCallback(close, [])
  const run = async () => {
    const done = await doing.run(String(version), (key) =>
      api.post<{ calledBack: number[] }>('/v1/rulebook/call-back', { version }, key),
    )
    if (!done) return void look()
    say(w.calledBack(done.calledBack))
    await look()
    close()
  }
  return (
    <Dialog
      title={w.callBackOf(version)}
      close={leave}
      act={{ label: w.callBack, run: () => void run(), danger: true, disabled: doing.busy }}
    >
      <p class="what">{w.callBackWhat(after.map((one) => one.version))}</p>
      <Refused
        failure={doing.failure}
        {...(doing.failure?.code === 'not_found' && { text: w.begun(version) })}
      />
    </Dialog>
  )
}
