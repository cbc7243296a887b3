/** When to tell the server that the viewer is watching, and with which nonce. */

import type { AccountState } from '../../shared/account-state.ts'
import { BEAT_GAP_MS, BEAT_JITTER_MS, BEAT_MARGIN_MS, BEAT_REFUSED_MS } from './limits.ts'

export type WatchClock = ReturnType<typeof createWatchClock>

export function createWatchClock() {
  let known: AccountState | undefined
  /** What the last beat of this connection said. */
  let said: boolean | undefined
  let notBeforeMs = 0
  let jitterMs = 0

  const clock = {
    visible: true,

    /** From a reply to the own session only: the nonce of another device is not ours. */
    learn(account: AccountState): void {
      if (known?.epoch !== account.epoch || account.version >= known.version) known = account
    },

    /** A new connection: the server's word counts whatever was known, and it may have forgotten ours. */
    restart(account: AccountState): void {
      known = account
      said = undefined
    },

    /** Local time at which the next beat should leave; undefined for none. `offsetMs` is the server clock's. */
    nextAtMs(offsetMs: number): number | undefined {
      if (!known) return undefined
      const { nonce, dueAtMs } = known.watch
      // Hidden: one beat that says so, then silence.
      if (!clock.visible) return nonce !== 0 && said !== false ? 0 : undefined
      if (nonce === 0 || said === false) return notBeforeMs
      // Beats that were due together are spread.
      return Math.max(notBeforeMs, dueAtMs - offsetMs + BEAT_MARGIN_MS + jitterMs)
    },

    /** What a beat that leaves now says. `random` is from 0 to below 1. */
    leave(nowMs: number, random: number): { nonce: number; visible: boolean } {
      said = clock.visible
      notBeforeMs = nowMs + BEAT_GAP_MS
      jitterMs = random * BEAT_JITTER_MS
      return { nonce: known?.watch.nonce ?? 0, visible: said }
    },

    refused(nowMs: number): void {
      notBeforeMs = nowMs + BEAT_REFUSED_MS
    },
  }
  return clock
}
