/** A button that copies a text and says so. */

import { useSignal } from '@preact/signals'
import { useDesk } from './desk.ts'
import { COPIED_MS } from './limits.ts'

export function Copy({ text, label }: { text: string; label?: string }) {
  const { t, runtime } = useDesk()
  const copied = useSignal(false)
  const copy = async () => {
    // A page without TLS has no clipboard; there the text is selected and copied by hand.
    await navigator.clipboard?.writeText(text)
    copied.value = navigator.clipboard !== undefined
    runtime.after(COPIED_MS, () => {
      copied.value = false
    })
  }
  return (
    <button type="button" class="ff-btn" onClick={() => void copy().catch(() => undefined)}>
      <span role="status">{copied.value ? t.copied : (label ?? t.copy)}</span>
    </button>
  )
}
