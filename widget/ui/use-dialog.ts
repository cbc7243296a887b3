/** What every dialog does with the focus and with Escape. */

import { useEffect, useRef } from 'preact/hooks'

const STOPS =
  'button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), a[href]'

/** Focus goes in, stays in and goes back; Escape closes. `close` must be the same function in every render. */
export function useDialog(close: () => void) {
  const dialog = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const box = dialog.current
    const before = document.activeElement
    const first = box?.querySelector<HTMLElement>('[data-first]:not([disabled])')
    ;(first ?? box?.querySelector<HTMLElement>(STOPS))?.focus()
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape') return close()
      if (event.key !== 'Tab' || !box) return
      const stops = [...box.querySelectorAll<HTMLElement>(STOPS)]
      // -1 where a part that can be no stop has it: what stood there went away.
      const held = document.activeElement
      const at = held instanceof HTMLElement ? stops.indexOf(held) : -1
      if (event.shiftKey ? at > 0 : at !== stops.length - 1) return
      event.preventDefault()
      const other = event.shiftKey ? stops.at(-1) : stops[0]
      other?.focus()
    }
    box?.addEventListener('keydown', pressed)
    return () => {
      box?.removeEventListener('keydown', pressed)
      if (before instanceof HTMLElement) before.focus()
    }
  }, [close])
  return dialog
}
