/** Viewers who come and stay: processor time to let them in, memory while they are idle. */

import type { SpeechName } from '../generator/speech.ts'
import { interleave, type Measure, valuesOf } from '../interleave.ts'
import { collectGarbage, cpuWhile, rssOf, wait } from '../machine.ts'
import { Scope } from '../scope.ts'
import type { Served } from '../stand.ts'
import { median } from '../stats.ts'
import type { Result, Row, RowRun } from './row.ts'

const VIEWERS = 10_000
const QUICK_VIEWERS = 3000
const AT_ONCE = 100
const OPEN_MS_MAX = 120_000
/** Come and go before anything is measured, so that code is compiled and the heap has its working size. */
const FIRST = 500
const SETTLE_MS = 1500

interface Arriving {
  start: (scope: Scope) => Promise<Served>
  speech: SpeechName
  tickets: (count: number) => string[]
}

interface Arrived {
  joinsPerCpuSec: number
  kbPerViewer: number
}

/** One process that has served nobody yet, and a whole crowd. */
async function arrive({ stand }: RowRun, of: Arriving, viewers: number): Promise<Arrived> {
  const scope = new Scope()
  try {
    const served = await of.start(scope)
    const generator = stand.generator(scope)
    const open = (count: number) =>
      generator.ask('open', {
        port: served.port,
        speech: of.speech,
        tickets: of.tickets(count),
        atOnce: AT_ONCE,
        msMax: OPEN_MS_MAX,
      })
    await open(FIRST)
    await generator.ask('close', {})
    await wait(SETTLE_MS)
    await collectGarbage(served.inspectPort)
    const before = rssOf(served.pid)
    const { cpu } = await cpuWhile(served.pid, () => open(viewers))
    await wait(SETTLE_MS)
    await collectGarbage(served.inspectPort)
    const grown = rssOf(served.pid) - before
    return { joinsPerCpuSec: viewers / cpu, kbPerViewer: grown / viewers / 1024 }
  } finally {
    await scope.close()
  }
}

const nobody = (count: number): string[] => new Array<string>(count).fill('')

export const arrivals: Row = {
  id: 'arrivals',
  what: `joins per gateway CPU-second and memory per idle viewer, ${VIEWERS} on one gateway`,
  async run(run): Promise<Result> {
    const { stand, reps, quick } = run
    const viewers = quick ? QUICK_VIEWERS : VIEWERS
    const kinds: Record<string, Arriving> = {
      Fanfare: {
        start: (scope) => stand.gateway(scope, { inspect: true }),
        speech: 'fanfare',
        tickets: (count) => stand.tickets(stand.viewers('arrivals', count)),
      },
      'Fanfare, front handler off': {
        start: (scope) => stand.gateway(scope, { inspect: true, library: true }),
        speech: 'fanfare',
        tickets: (count) => stand.tickets(stand.viewers('library', count)),
      },
      'empty Socket.IO on uWS': {
        start: (scope) => stand.reference(scope, 'socketio-ack', { inspect: true }),
        speech: 'socketIo',
        tickets: nobody,
      },
      'empty Socket.IO on ws': {
        start: (scope) =>
          stand.reference(scope, 'socketio-ack', { args: ['--transport', 'ws'], inspect: true }),
        speech: 'socketIo',
        tickets: nobody,
      },
    }
    const memory = Object.keys(kinds).map((of) => ({
      of: `${of}, memory`,
      unit: 'KB per idle viewer',
      values: [] as number[],
    }))
    const measures = Object.entries(kinds).map(([name, of], i): [string, Measure] => [
      name,
      async () => {
        const { joinsPerCpuSec, kbPerViewer } = await arrive(run, of, viewers)
        memory[i]?.values.push(kbPerViewer)
        return joinsPerCpuSec
      },
    ])
    // Each process is fresh, so there is nothing to warm up.
    const joins = await interleave(Object.fromEntries(measures), { reps, warmUp: false })
    return {
      series: [...joins, ...memory],
      unit: 'joins per server CPU-second',
      goals: [
        {
          what: 'joins per gateway CPU-second',
          measured: median(valuesOf(joins, 'Fanfare')),
          at: 'least',
          limit: 3000,
        },
        {
          what: 'KB per idle viewer',
          measured: median(memory[0]?.values ?? []),
          at: 'most',
          limit: 11,
        },
      ],
      notes: [
        `${viewers} viewers; Fanfare checks a ticket, finds the account, names a session and sends the whole state.`,
        'Memory is what the process grew by in RAM, after a collection before and after.',
      ],
    }
  },
}
