/** The one live region: merged sentences, at most one every three seconds. */

import type { Runtime } from '../client/browser.ts'
import { SPEAK_MAX, SPEAK_MS } from './limits.ts'
import { type ReadonlySignal, signal } from './reactive.ts'

export interface Speaker {
  spoken: ReadonlySignal<string>
  /** A sentence; the newest of the same `topic` takes the place of one that waits. */
  say(topic: string, text: string): void
}

export function createSpeaker(runtime: Pick<Runtime, 'after'>): Speaker {
  const spoken = signal('')
  const waiting = new Map<string, string>()
  let resting = false
  const speak = () => {
    resting = waiting.size > 0
    if (!resting) return
    spoken.value = [...waiting.values()].join(' · ')
    waiting.clear()
    runtime.after(SPEAK_MS, speak)
  }
  return {
    spoken,
    say(topic, text) {
      waiting.delete(topic)
      waiting.set(topic, text)
      const [oldest] = waiting.keys()
      if (waiting.size > SPEAK_MAX && oldest !== undefined) waiting.delete(oldest)
      // A moment later, so that what happens together is said together.
      if (resting) return
      resting = true
      runtime.after(SPEAK_MS / 10, speak)
    },
  }
}
