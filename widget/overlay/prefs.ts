/** What the viewer set for this device; kept in the browser where it may be kept. */

import { signal } from './reactive.ts'

export interface PrefsStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const KEY = 'ff:overlay'

/** `reduced`: the system asks for less motion. */
export function createPrefs(storage: () => PrefsStorage, reduced = false) {
  let kept = ''
  try {
    kept = storage().getItem(KEY) ?? ''
  } catch {
    // Blocked storage: the settings last as long as the page.
  }
  const quiet = signal(kept.split(' ').includes('quiet'))
  const calm = signal(reduced || kept.split(' ').includes('calm'))
  const keep = () => {
    try {
      storage().setItem(KEY, `${quiet.value ? 'quiet ' : ''}${calm.value ? 'calm' : ''}`)
    } catch {
      // As above.
    }
  }
  return {
    /** Balance only. */
    quiet,
    /** Nothing travels, things stay longer. */
    calm,
    toggle(name: 'quiet' | 'calm') {
      const pref = name === 'quiet' ? quiet : calm
      pref.value = !pref.value
      keep()
    },
  }
}
export type Prefs = ReturnType<typeof createPrefs>
