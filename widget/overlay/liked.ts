/** The comments this viewer likes, kept in the tab: a reload shows them again. */

import type { Storage } from '../client/store.ts'
import { LIKED_MAX } from './limits.ts'
import { signal } from './reactive.ts'

const KEY = 'ff:liked'

/** A like is known by the live, the viewer and the comment: another live or viewer begins without any. */
export function createLiked(storage?: Storage) {
  const marks = signal(storage?.getItem(KEY)?.split(' ') ?? [])
  return {
    has: (mark: string): boolean => marks.value.includes(mark),
    set(mark: string, on: boolean): void {
      const others = marks.value.filter((each) => each !== mark)
      marks.value = (on ? [...others, mark] : others).slice(-LIKED_MAX)
      try {
        storage?.setItem(KEY, marks.value.join(' '))
      } catch {
        // A full storage: they are remembered as long as the page lasts.
      }
    },
  }
}
