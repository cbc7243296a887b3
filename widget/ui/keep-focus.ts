/** Where what had the focus goes away, as a line that was removed, the nearest part of the page that stays gets it. */

import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** Without it Tab would begin at the top of the page again, and a screen reader fall silent. */
export function useKeptFocus(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const page = root.current
    if (!page) return
    let way: HTMLElement[] = []
    const entered = ({ target }: FocusEvent) => {
      way = []
      for (let at = target; at instanceof HTMLElement && at !== page; at = at.parentElement)
        way.push(at)
    }
    const changed = () => {
      if (!way[0] || way[0].isConnected || document.activeElement !== document.body) return
      const stays = way.find((at) => at.isConnected) ?? page.querySelector('main') ?? page
      way = []
      if (!stays.hasAttribute('tabindex')) stays.tabIndex = -1
      stays.focus({ preventScroll: true })
    }
    const seen = new MutationObserver(changed)
    page.addEventListener('focusin', entered)
    seen.observe(page, { childList: true, subtree: true })
    return () => {
      page.removeEventListener('focusin', entered)
      seen.disconnect()
    }
  }, [root])
}
