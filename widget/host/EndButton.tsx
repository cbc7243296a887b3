/** Ends what runs, in two taps: a thumb that slipped ends nothing. */

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Press } from '../ui/press.tsx'
import { useConsole } from './console.ts'
import { END_SURE_MS } from './limits.ts'

interface EndButtonProps {
  title: string
  /** It is on its way. */
  ending: boolean
  /** What the second tap does, where that is more than an end. */
  sureText?: string
  end: () => void
}

export function EndButton({ title, ending, sureText, end }: EndButtonProps) {
  const { runtime, t } = useConsole()
  const sure = useSignal(false)
  const asks = sure.value
  useEffect(() => {
    if (!asks) return
    return runtime.after(END_SURE_MS, () => {
      sure.value = false
    })
  }, [asks, runtime, sure])
  const text = ending ? t.ending : asks ? (sureText ?? t.endSure) : t.end
  return (
    <Press
      class={`ff-btn sm ff-hit ${asks ? 'dan' : ''}`}
      off={ending}
      aria-label={`${text} ${title}`}
      onBlur={() => {
        sure.value = false
      }}
      onClick={() => {
        sure.value = !asks
        if (asks) end()
      }}
    >
      {text}
    </Press>
  )
}
