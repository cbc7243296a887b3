/** The address for OBS: made when it is asked for, shown once. */

import { useSignal } from '@preact/signals'
import { useCallback, useEffect } from 'preact/hooks'
import { useDialog } from '../ui/use-dialog.ts'
import { useConsole } from './console.ts'

export function StageLink() {
  const { t } = useConsole()
  const open = useSignal(false)
  // The same function in every render: the dialog takes the focus once, when it opens.
  const close = useCallback(() => {
    open.value = false
  }, [open])
  return (
    <>
      <button
        type="button"
        class="ff-btn sm ghost"
        aria-haspopup="dialog"
        onClick={() => {
          open.value = true
        }}
      >
        {t.stage}
      </button>
      {open.value && <StageDialog close={close} />}
    </>
  )
}

function StageDialog({ close }: { close: () => void }) {
  const { t, stageUrl } = useConsole()
  const dialog = useDialog(close)
  const url = useSignal<string | undefined>(undefined)
  const state = useSignal<'wait' | 'made' | 'failed' | 'copied'>('wait')
  useEffect(() => {
    stageUrl()
      .catch(() => undefined)
      .then((made) => {
        url.value = made
        state.value = made ? 'made' : 'failed'
      })
    // One key per opening, whatever renders meanwhile.
  }, [])
  const copy = async () => {
    if (!url.value) return
    // A page without TLS has no clipboard; there the selected address is copied by hand.
    dialog.current?.querySelector('input')?.select()
    await navigator.clipboard?.writeText(url.value)
    state.value = 'copied'
  }
  return (
    <div class="veil">
      <div class="dlg" role="dialog" aria-modal="true" aria-labelledby="stage-title" ref={dialog}>
        <h2 id="stage-title">{t.stageTitle}</h2>
        <p class="ff-muted what">{t.stageWhat}</p>
        {url.value ? (
          <input class="url" readOnly value={url.value} aria-label={t.stageTitle} />
        ) : (
          <p class="url" role="status">
            {state.value === 'failed' ? t.stageFailed : t.stageWait}
          </p>
        )}
        <div class="go">
          <button type="button" class="ff-btn" onClick={close} data-first>
            {t.close}
          </button>
          <button type="button" class="ff-btn pri" disabled={!url.value} onClick={copy}>
            {state.value === 'copied' ? t.copied : t.copy}
          </button>
        </div>
      </div>
    </div>
  )
}
