/** What a gateway tells Prometheus. Labels are commands and codes, never ids, so their number is fixed. */

import { Counter, Gauge, Histogram } from 'prom-client'
import type { ErrorCode } from '../../shared/errors.ts'
import type { CommandName } from '../../shared/protocol/index.ts'
import { registry } from '../kernel/index.ts'

/** Of 100 scoring calls 99 answer all their viewers within this; docs/guarantees.md. */
const CREDIT_WAIT_GOAL_MS = 200

export interface GatewayGauges {
  connections: () => number
  rooms: () => number
  waiting: () => number
  durableLagMs: () => number
}

/** Counts between two looks of Prometheus: finding a counter by its labels costs more than answering a command. */
class Tally {
  readonly #counts = new Map<string, Map<string, { n: number }>>()
  /** Where nearly every count goes: the one before. */
  #one = ''
  #other = ''
  #last = { n: 0 }

  add(one: string, other: string): void {
    if (one !== this.#one || other !== this.#other) {
      this.#last = this.#count(one, other)
      this.#one = one
      this.#other = other
    }
    this.#last.n += 1
  }

  #count(one: string, other: string): { n: number } {
    let counts = this.#counts.get(one)
    if (!counts) {
      counts = new Map()
      this.#counts.set(one, counts)
    }
    let count = counts.get(other)
    if (!count) {
      count = { n: 0 }
      counts.set(other, count)
    }
    return count
  }

  /** What was counted since it was asked before. */
  take(): [string, string, number][] {
    const taken = [...this.#counts].flatMap(([one, counts]) =>
      [...counts].map(([other, count]): [string, string, number] => {
        const { n } = count
        count.n = 0
        return [one, other, n]
      }),
    )
    return taken.filter(([, , n]) => n > 0)
  }
}

export type GatewayMetrics = ReturnType<typeof gatewayMetrics>

export function gatewayMetrics(gauges: GatewayGauges) {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('fanfare_gateway_connections', 'Open sockets', gauges.connections)
  gauge('fanfare_gateway_rooms', 'Rooms with sockets', gauges.rooms)
  gauge('fanfare_gateway_waiting_viewers', 'Viewers waiting to be scored', gauges.waiting)
  gauge(
    'fanfare_gateway_durable_lag_ms',
    'How long ago that was which a crash could still undo, on the shard that is furthest behind',
    gauges.durableLagMs,
  )
  const answers = new Tally()
  new Counter({
    name: 'fanfare_gateway_commands_total',
    help: 'Commands answered',
    labelNames: ['command', 'code'],
    registers,
    collect() {
      for (const [command, code, count] of answers.take()) this.inc({ command, code }, count)
    },
  })
  const admissions = new Counter({
    name: 'fanfare_gateway_admissions_total',
    help: 'Handshakes answered',
    labelNames: ['code'],
    registers,
  })
  const closed = new Counter({
    name: 'fanfare_gateway_closed_total',
    help: 'Connections closed by the gateway',
    labelNames: ['reason'],
    registers,
  })
  const flushMs = new Histogram({
    name: 'fanfare_gateway_flush_duration_ms',
    help: 'Time of a scoring call',
    buckets: [1, 2, 5, 10, 20, 50, 100, 250, 500, 1000, 4000],
    registers,
  })
  const flushViewers = new Histogram({
    name: 'fanfare_gateway_flush_viewers',
    help: 'Viewers per scoring call',
    buckets: [1, 2, 5, 10, 20, 35, 50],
    registers,
  })
  const creditWaitMs = new Histogram({
    name: 'fanfare_gateway_credit_wait_ms',
    help: 'From a command to its answer, of whoever waited longest in a scoring call',
    buckets: [5, 10, 20, 50, 100, CREDIT_WAIT_GOAL_MS, 500, 1000, 2000, 4000],
    registers,
  })
  return {
    commanded: (command: CommandName | 'unknown', code: ErrorCode | 'ok') =>
      answers.add(command, code),
    admitted: (code: ErrorCode | 'ok') => admissions.inc({ code }),
    closed: (reason: string) => closed.inc({ reason }),
    flushed: ({ viewers, ms, waitedMs }: { viewers: number; ms: number; waitedMs: number }) => {
      flushMs.observe(ms)
      flushViewers.observe(viewers)
      creditWaitMs.observe(waitedMs)
    },
  }
}
