/** When to tell the server that the viewer is watching, and with which nonce. */

import type { AccountState } from '../../shared/account-state.ts'
import { BEAT_GAP_MS, BEAT_JITTER_MS, BEAT_MARGIN_MS } from './limits.ts'

/** A beat that was refused for good is not repeated sooner than this. */
const REFUSED_MS = 30_000

export class WatchClock {
  visible = true
  #watch: AccountState['watch'] | undefined
  #epoch = ''
  #version = 0
  /** What the last beat of this connection said. */
  #said: boolean | undefined
  #notBeforeMs = 0

  /** From a reply to the own session only: the nonce of another device is not ours. */
  learn({ epoch, version, watch }: AccountState): void {
    if (epoch === this.#epoch && version < this.#version) return
    this.#watch = watch
    this.#epoch = epoch
    this.#version = version
  }

  /** A new connection: the server's word counts whatever was known, and it may have forgotten ours. */
  restart(account: AccountState): void {
    this.#epoch = ''
    this.#said = undefined
    this.learn(account)
  }

  /**
   * Local time at which the next beat should leave; undefined for none. `random` from 0 to below 1 spreads
   * beats that were due together.
   */
  nextAtMs(localMs: (serverMs: number) => number, random: number): number | undefined {
    const watch = this.#watch
    if (!watch) return undefined
    const open = watch.nonce !== 0
    // One beat that says so, then silence.
    if (!this.visible) return open && this.#said !== false ? 0 : undefined
    if (!open || this.#said === false) return this.#notBeforeMs
    const due = localMs(watch.dueAtMs) + BEAT_MARGIN_MS + random * BEAT_JITTER_MS
    return Math.max(due, this.#notBeforeMs)
  }

  /** What a beat that leaves now says. */
  leave(nowMs: number): { nonce: number; visible: boolean } {
    this.#said = this.visible
    this.#notBeforeMs = nowMs + BEAT_GAP_MS
    return { nonce: this.#watch?.nonce ?? 0, visible: this.visible }
  }

  refused(nowMs: number): void {
    this.#notBeforeMs = nowMs + REFUSED_MS
  }
}
