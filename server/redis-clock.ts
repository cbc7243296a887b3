/** The clock of a process is that of Redis: gateways, workers and scripts mean the same instant whatever their hosts say. */

import { Gauge } from 'prom-client'
import {
  createSetClock,
  elapsedMs,
  type Log,
  must,
  registry,
  type SetClock,
} from './kernel/index.ts'
import { masters, type Shards, type Store } from './redis/index.ts'

/** Asked so often at the start; the answer that came soonest counts. */
const SAMPLES = 5
const FOLLOW_MS = 1000
/** Smaller differences are noise of the measurement, and a clock that does not move is worth more. */
const DRIFT_MS = 50
/** From here on somebody should set the host's clock. */
const SAY_MS = 1000

export interface ServiceClock {
  clock: SetClock
  /** Goes by what the shards measure from now on; the answer ends it. */
  follow(shards: Pick<Shards, 'offsetMs'>): () => void
  /** A sentence for the operator; empty where host and Redis agree. */
  note(): string
}

/** Resolves when Redis has said what time it is. */
export async function openClock(store: Store, log: Log): Promise<ServiceClock> {
  let offsetMs = await measureOffset(store)
  const clock = createSetClock(offsetMs)
  new Gauge({
    name: 'fanfare_clock_host_ahead_ms',
    help: "This host's clock less that of Redis, by which the process goes",
    registers: [registry],
    collect() {
      this.set(clock.hostAheadMs())
    },
  })
  let said = ''
  const note = () => noteOf(clock.hostAheadMs())
  const say = () => {
    const now = note()
    if (now !== '' && said === '') log.warn({ aheadMs: clock.hostAheadMs() }, now)
    said = now
  }
  say()
  return {
    clock,
    note,
    follow(shards) {
      return clock.every(FOLLOW_MS, () => {
        const measured = shards.offsetMs()
        if (measured !== undefined && Math.abs(measured - offsetMs) > DRIFT_MS) {
          offsetMs = measured
          clock.set(measured)
        }
        say()
      })
    },
  }
}

async function measureOffset(store: Store): Promise<number> {
  let best = { rttMs: Number.POSITIVE_INFINITY, offsetMs: 0 }
  const first = must((await masters(store))[0], 'a master')
  for (let i = 0; i < SAMPLES; i++) {
    const sentAt = elapsedMs()
    const [sec, micro] = await first.time()
    const rttMs = elapsedMs() - sentAt
    const offsetMs = Number(sec) * 1000 + Number(micro) / 1000 - sentAt - rttMs / 2
    if (rttMs < best.rttMs) best = { rttMs, offsetMs }
  }
  return best.offsetMs
}

function noteOf(aheadMs: number): string {
  if (Math.abs(aheadMs) < SAY_MS) return ''
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1)
  return `this host's clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} that of Redis, which counts`
}
