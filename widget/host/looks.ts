/** Language and theme of the console, remembered on this device where it may remember. */

import { effect, signal } from '@preact/signals'
import { htmlLang, type Lang } from '../ui/index.ts'
import type { Theme } from './console.ts'

const KEY = 'ff:host:looks'

interface Looks {
  lang: Lang
  theme: Theme
}

/** A storage that is missing or blocked is the same as an empty one. */
function remembered(storage: () => Storage): Partial<Looks> {
  try {
    const found: unknown = JSON.parse(storage().getItem(KEY) ?? '{}')
    if (typeof found !== 'object' || !found) return {}
    const lang =
      'lang' in found && (found.lang === 'zh' || found.lang === 'en') ? found.lang : undefined
    const theme =
      'theme' in found && (found.theme === 'dark' || found.theme === 'light')
        ? found.theme
        : undefined
    return { ...(lang && { lang }), ...(theme && { theme }) }
  } catch {
    return {}
  }
}

/** What the address says goes before what was remembered, and that before what the browser prefers. */
export function createLooks(given: Partial<Looks>, preferred: Lang, storage: () => Storage) {
  const before = { ...remembered(storage), ...given }
  const lang = signal<Lang>(before.lang ?? preferred)
  const theme = signal<Theme>(before.theme ?? 'dark')
  effect(() => {
    const root = document.documentElement
    root.lang = htmlLang(lang.value)
    root.dataset.ffTheme = theme.value
    try {
      storage().setItem(KEY, JSON.stringify({ lang: lang.value, theme: theme.value }))
    } catch {
      // It looks the same until the page is closed.
    }
  })
  return { lang, theme }
}
