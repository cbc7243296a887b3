/** Clock, timers, randomness and the page: the only file of the widget that touches them. */

import type { Client } from './api.ts'
import type { Storage } from './store.ts'

export interface Runtime {
  /** Milliseconds from an arbitrary start; changes of the wall clock do not move it. */
  now(): number
  /** From 0 to below 1; decides about waiting only, never about points. */
  random(): number
  /** Calls `run` after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void
}

export const systemRuntime: Runtime = {
  // Mini-programs have no `performance`; there a jump of the clock is caught by the pulses.
  now: () => (typeof performance === 'object' ? performance.now() : Date.now()),
  random: () => Math.random(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** Unix ms by the device's own clock: for pages that work without a service to ask. */
export const wallMs = (): number => Date.now()

/**
 * The storage of this tab. A page that may not store (blocked cookies, sandboxed frame) throws on the mere
 * access; then the outbox lives in memory.
 */
export function pageStorage(): Storage | undefined {
  try {
    return sessionStorage
  } catch {
    return undefined
  }
}

/** The storage of this browser, for what all its tabs know; undefined where it may not be used. */
export function browserStorage(): Storage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}

/**
 * Ties a client to the page it lives in: visibility, the network coming back, a page restored from the
 * back-forward cache, and the end of the page. The answer unties it.
 */
export function bindPage(client: Client): () => void {
  const seen = () => {
    client.setVisible(document.visibilityState === 'visible')
    if (document.visibilityState === 'visible') client.wake()
  }
  const woke = () => client.wake()
  // Another page may have used the tab's client session in between; `connect` looks it up again.
  const shown = ({ persisted }: PageTransitionEvent) => {
    if (persisted) client.connect()
    seen()
  }
  const left = () => client.close()
  document.addEventListener('visibilitychange', seen)
  addEventListener('online', woke)
  addEventListener('pageshow', shown)
  addEventListener('pagehide', left)
  seen()
  return () => {
    document.removeEventListener('visibilitychange', seen)
    removeEventListener('online', woke)
    removeEventListener('pageshow', shown)
    removeEventListener('pagehide', left)
  }
}
