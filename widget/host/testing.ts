/** A clock that stands still until a test moves it, and a source that answers by script. */

import { signal } from '@preact/signals'
import type { HostPulse } from '../../shared/protocol/events.ts'
import type { Moment, RoomState } from '../../shared/room-state.ts'
import type { HostCommand, HostRuntime, HostSource, Link } from './source.ts'

export interface TestRuntime extends HostRuntime {
  /** Lets time pass and runs what is due on the way. */
  pass(ms: number): void
}

export function testRuntime(): TestRuntime {
  let nowMs = 0
  let drawn = 0
  let timers: { atMs: number; run: () => void }[] = []
  return {
    now: () => nowMs,
    // Differs from call to call, and is the same in every run.
    random: () => (drawn++ * 0.137) % 1,
    after: (ms, run) => {
      const timer = { atMs: nowMs + ms, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((t) => t !== timer)
      }
    },
    pass: (ms) => {
      const end = nowMs + ms
      for (;;) {
        const next = timers.filter((t) => t.atMs <= end).sort((a, b) => a.atMs - b.atMs)[0]
        if (!next) break
        timers = timers.filter((t) => t !== next)
        nowMs = Math.max(nowMs, next.atMs)
        next.run()
      }
      nowMs = end
    },
  }
}

export interface Asked {
  name: HostCommand
  input: unknown
}

/** Records what is asked; `answer` decides, and says yes unless a test replaces it. */
export function testSource(runtime: HostRuntime) {
  const room = signal<RoomState | undefined>(undefined)
  const pulse = signal<HostPulse | undefined>(undefined)
  const link = signal<Link>('online')
  const asked: Asked[] = []
  const hearing = new Set<(moment: Moment) => void>()
  const script = { answer: (_: Asked): unknown => ({ ok: true }) }
  const source: HostSource = {
    room,
    pulse,
    link,
    serverNow: () => runtime.now(),
    onMoment: (hear) => {
      hearing.add(hear)
      return () => hearing.delete(hear)
    },
    request: (name, input) => {
      asked.push({ name, input })
      return Promise.resolve(script.answer({ name, input }) as never)
    },
  }
  return {
    source,
    room,
    pulse,
    link,
    asked,
    script,
    happen: (moment: Moment) => {
      for (const hear of hearing) hear(moment)
    },
  }
}

/** Lets promises that are settled run what waits for them. */
export const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}
