/** A press that counts only when it lasts: the way out of safe mode. */

import { type ReadonlySignal, signal } from '@preact/signals'

export interface Hold {
  /** True while it is pressed and has not lasted long enough. */
  pressed: ReadonlySignal<boolean>
  press(): void
  release(): void
}

export interface HoldOptions {
  ms: number
  /** Runs `done` after `ms` and returns how to call it off. */
  after(ms: number, run: () => void): () => void
  done(): void
}

/** Calls `done` once per press that lasts `ms`; letting go before that does nothing. */
export function createHold({ ms, after, done }: HoldOptions): Hold {
  const pressed = signal(false)
  let cancel: (() => void) | undefined
  const release = () => {
    cancel?.()
    cancel = undefined
    pressed.value = false
  }
  return {
    pressed,
    release,
    press() {
      if (pressed.value) return
      pressed.value = true
      cancel = after(ms, () => {
        release()
        done()
      })
    },
  }
}
