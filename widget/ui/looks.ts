/** Language and theme of a console, remembered on this device where it may remember. */

import { effect, signal } from '@preact/signals'
import { htmlLang, type Lang } from './lang.ts'

export type Theme = 'dark' | 'light'

/** What the reader's system asks for. Pages that stand over a picture are dark whatever it says. */
export const pageTheme = (): Theme =>
  matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'

interface Looks {
  lang: Lang
  theme: Theme
}

export interface LooksOptions {
  /** Under which it is remembered. */
  key: string
  /** What the address says goes before what was remembered. */
  given: Partial<Looks>
  /** Where neither says anything. */
  otherwise: Looks
  storage: () => Storage
}

/** A storage that is missing or blocked is the same as an empty one. */
function remembered({ key, storage }: LooksOptions): Partial<Looks> {
  try {
    const found: unknown = JSON.parse(storage().getItem(key) ?? '{}')
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

export function createLooks(options: LooksOptions) {
  const { key, given, otherwise, storage } = options
  const before = { ...otherwise, ...remembered(options), ...given }
  const lang = signal<Lang>(before.lang)
  const theme = signal<Theme>(before.theme)
  // Until somebody chooses, each visit begins as the system has it.
  let isChosen = Object.keys(given).length > 0
  effect(() => {
    const root = document.documentElement
    root.lang = htmlLang(lang.value)
    root.dataset.ffTheme = theme.value
    const isToKeep = isChosen
    isChosen = true
    if (!isToKeep) return
    try {
      storage().setItem(key, JSON.stringify({ lang: lang.value, theme: theme.value }))
    } catch {
      // It looks the same until the page is closed.
    }
  })
  return { lang, theme }
}
