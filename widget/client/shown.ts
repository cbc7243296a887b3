/** The snapshot that the client shows, and who is told when it changes. */

import type { ClientEvents, ClientState } from './api.ts'
import type { Emitter } from './emitter.ts'

export type Shown = ReturnType<typeof createShown>

export function createShown(first: ClientState, emitter: Emitter<ClientEvents>) {
  let state = first
  let changed = false
  return {
    state: () => state,

    set(change: Partial<ClientState>): void {
      state = { ...state, ...change }
      changed = true
    },

    /** The page's viewer changed: versions of different accounts cannot be compared. */
    forgetAccount(): void {
      const { account: _, ...rest } = state
      state = rest
    },

    /** Tells what changed since the last time, once. */
    tell(status: ClientState['status'], pending: ClientState['pending']): void {
      if (!same(status, state.status)) this.set({ status })
      if (!same(pending, state.pending)) this.set({ pending })
      if (!changed) return
      changed = false
      emitter.emit('changed', state)
    },
  }
}

/** For small flat objects. */
const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b)
