/** One viewer of a plan, with the client that pages use: comes, does what its phases say, settles, leaves. */

import { seededRandom } from '../../shared/seeded.ts'
import { createClient } from '../../widget/client/client.ts'
import type { Runtime } from '../../widget/client/runtime.ts'
import type { SocketFactory } from '../../widget/client/socket.ts'
import {
  type Phase,
  type Plan,
  type PlannedCommand,
  planMs,
  type Rate,
  SETTLE_MS,
} from '../scenarios/plan.ts'
import type { Meter } from '../slo/metrics.ts'
import { act } from './acts.ts'
import { createBooks } from './books.ts'
import { observe } from './observed.ts'
import type { ViewerRecord } from './record.ts'

export interface ViewerOptions {
  /** From 0; decides about habits. */
  number: number
  plan: Plan
  /** Of the gateway. */
  url: string
  ticket: string
  socketFactory: SocketFactory
  runtime: Runtime
  meter: Meter
  /** Since the first phase began. */
  elapsedMs: number
}

const SETTLE_STEP_MS = 100
/** A viewer that comes so late makes another plan of it. */
const LATE_MS = 2000
/** Plays one viewer, who comes when it is its turn; `left` is called once, when it is gone and nothing of it is left running. */
export function playViewer(o: ViewerOptions, left: (record: ViewerRecord) => void): void {
  const { plan, runtime, meter } = o
  const random = seededRandom(plan.seed ^ Math.imul(o.number + 1, 0x9e3779b1))
  const now = () => runtime.now()
  const startedAtMs = now() - o.elapsedMs
  const dueMs = (o.number * plan.arriveMs) / plan.viewers
  const books = createBooks({ meter, now })
  const socket = observe(o.socketFactory, now, books.observer)
  const client = createClient({
    url: o.url,
    role: 'viewer',
    getTicket: () => o.ticket,
    socketFactory: socket.factory,
    runtime,
  })
  const habits = new Set<() => void>()
  /** Answers that this viewer itself waits for. */
  let awaited = 0

  const stopHabits = () => {
    for (const stop of habits) stop()
    habits.clear()
  }
  const after = (ms: number, run: () => void) => {
    const stop = runtime.after(ms, () => {
      habits.delete(stop)
      run()
    })
    habits.add(stop)
  }

  function keepUp(name: PlannedCommand, rate: Rate, first: boolean): void {
    const mean = 60_000 / rate.perMinute
    after(first ? random() * mean : mean * (0.5 + random()), () => {
      const answer = act(name, client, { random, rate })
      if (answer) awaited++
      void answer?.then((said) => {
        awaited--
        if (!said.ok && said.code === 'busy') meter('evt_not_taken', 1)
      })
      keepUp(name, rate, false)
    })
  }

  function begin({ rates, cut = 0 }: Phase): void {
    stopHabits()
    if (random() < cut) socket.cut()
    for (const [name, rate] of Object.entries(rates) as [PlannedCommand, Rate][])
      if (rate.perMinute > 0) keepUp(name, rate, true)
  }

  function settle(untilMs: number): void {
    stopHabits()
    const { likes, comments } = client.state.pending
    const settled = likes + comments + awaited + books.open() === 0
    if (settled || now() >= untilMs) return leave()
    runtime.after(SETTLE_STEP_MS, () => settle(untilMs))
  }

  function leave(): void {
    const { status } = client.state
    const phase = status.phase === 'refused' ? `refused: ${status.reason}` : status.phase
    const record = { viewer: o.number, phase, ...books.close() }
    client.close()
    left(record)
  }

  /** What is over when a viewer comes late is left out. */
  function come(): void {
    const sinceMs = now() - startedAtMs
    if (sinceMs - dueMs > LATE_MS) meter('arrived_late', 1)
    books.follow(client)
    client.connect()
    let beginsMs = 0
    for (const phase of plan.phases) {
      const endsMs = beginsMs + phase.ms
      const inMs = Math.max(0, beginsMs - sinceMs)
      if (endsMs > sinceMs) runtime.after(inMs, () => begin(phase))
      beginsMs = endsMs
    }
    runtime.after(Math.max(0, planMs(plan) - sinceMs), () => settle(now() + SETTLE_MS))
  }

  runtime.after(Math.max(0, dueMs - o.elapsedMs), come)
}
