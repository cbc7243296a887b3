/** What the viewer set for this device; kept in the browser where it may be kept. */

import { signal } from './reactive.ts'

export interface PrefsStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const KEY = 'ff:overlay'

export function createPrefs(storage: () => PrefsStorage) {
  let kept = ''
  try {
    kept = storage().getItem(KEY) ?? ''
  } catch {
    // Blocked storage: the settings last as long as the page.
  }
  const flag = (name: string) => signal(kept.split(' ').includes(name))
  const quiet = flag('quiet')
  const calm = flag('calm')
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
    /** Less motion than the system asks for. */
    calm,
    toggle(name: 'quiet' | 'calm') {
      const pref = name === 'quiet' ? quiet : calm
      pref.value = !pref.value
      keep()
    },
  }
}
export type Prefs = ReturnType<typeof createPrefs>
