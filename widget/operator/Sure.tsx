/** A button for what cannot be taken back: it asks once before it does it. */

import { useSignal } from '@preact/signals'
import { Press } from '../ui/press.tsx'

interface SureProps {
  label: string
  sure: string
  /** What it will come to, before it is done. */
  what?: string
  busy: boolean
  run: () => void
}

export function Sure({ label, sure, what, busy, run }: SureProps) {
  const asked = useSignal(false)
  return (
    <>
      <Press
        class={`ff-btn ${asked.value ? 'dan' : ''}`}
        off={busy}
        onClick={() => {
          if (asked.value) run()
          asked.value = !asked.value
        }}
        onBlur={() => {
          asked.value = false
        }}
      >
        {asked.value ? sure : label}
      </Press>
      {asked.value && what && <span class="ff-quiet">{what}</span>}
    </>
  )
}
