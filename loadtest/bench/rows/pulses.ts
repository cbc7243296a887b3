/** What a large room costs the gateway while it only shows itself, and while it is busy. */

import { interleave, type Measure, valuesOf } from '../interleave.ts'
import { cpuWhile } from '../machine.ts'
import type { Served } from '../stand.ts'
import { pairedRatio } from '../stats.ts'
import { openSide, type Side } from './acks.ts'
import type { Result, Row, RowRun } from './row.ts'

const VIEWERS = 10_000
const QUICK_VIEWERS = 2000
const WINDOW_MS = 5000
/** Behind a tick that is still being sent. */
const SETTLE_MS = 1000
const EVENTS_PER_SEC = 1000
/** As many as the usual way can tell everybody: more would only wait. */
const USUAL_EVENTS_PER_SEC = 2
const DRAIN_MS = 20_000
const WAKE_MS_MAX = 60_000

const crowdOf = ({ quick }: RowRun): number => (quick ? QUICK_VIEWERS : VIEWERS)
const strangers = (count: number): string[] => new Array<string>(count).fill('')

async function openRoom(run: RowRun, row: string): Promise<Side> {
  const { stand, scope } = run
  const side = await openSide(run, {
    served: await stand.gateway(scope),
    speech: 'fanfare',
    tickets: stand.tickets(stand.viewers(row, crowdOf(run))),
    atOnce: 100,
  })
  // Somebody has been here: the pulses carry heat and a board.
  await side.generator.ask('burst', {
    ...{ turns: 1, eventsPerTurn: 1, count: 1 },
    msMax: WAKE_MS_MAX,
  })
  return side
}

interface Published {
  ticks: number
  everyMs: number
  messages: number
  bytes: number
}

async function publish(served: Served, of: Published): Promise<void> {
  const query = Object.entries(of).map(([name, value]) => [name, String(value)])
  const url = `http://127.0.0.1:${served.port}/publish?${new URLSearchParams(query)}`
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${served.name} answers ${response.status}`)
}

export const pulses: Row = {
  id: 'pulse',
  what: `gateway CPU for a room's pulses, ${VIEWERS} viewers, all messages of the tick`,
  async run(run): Promise<Result> {
    const { stand, scope, reps } = run
    const viewers = crowdOf(run)
    const fanfare = await openRoom(run, 'pulse')
    const raw = await openSide(run, {
      served: await stand.reference(scope, 'uws-publish'),
      speech: 'listener',
      tickets: strangers(viewers),
      atOnce: 100,
    })
    // What Fanfare sent in its last window is what the other one publishes in its own.
    let sent: Published = { ticks: 10, everyMs: WINDOW_MS / 10, messages: 1, bytes: 500 }
    const ours: Measure = async () => {
      const { cpu, answer } = await cpuWhile(fanfare.served.pid, () =>
        fanfare.generator.ask('listen', { ms: WINDOW_MS }),
      )
      const ticks = Math.max(1, Math.round(answer.frames / viewers))
      const bytes = Math.round(answer.bytes / Math.max(1, answer.frames))
      sent = { ticks, everyMs: Math.floor(WINDOW_MS / ticks), messages: 1, bytes }
      return (cpu / answer.frames) * 1e6
    }
    const theirs: Measure = async () => {
      const { cpu, answer } = await cpuWhile(raw.served.pid, async () => {
        await publish(raw.served, sent)
        return raw.generator.ask('listen', { ms: WINDOW_MS + SETTLE_MS })
      })
      return (cpu / answer.frames) * 1e6
    }
    const series = await interleave({ Fanfare: ours, 'raw uWS publish': theirs }, { reps })
    return {
      series,
      unit: 'us of CPU per delivery',
      goals: [
        {
          what: 'times raw uWS publish',
          measured: pairedRatio(valuesOf(series, 'Fanfare'), valuesOf(series, 'raw uWS publish')),
          at: 'most',
          limit: 1.1,
        },
      ],
      notes: [
        `${viewers} viewers; a pulse is ${sent.bytes} bytes, ${sent.ticks} of them in ${WINDOW_MS / 1000} s; Redis calls and bookkeeping included.`,
      ],
    }
  },
}

export const broadcast: Row = {
  id: 'broadcast',
  what: `the same room at ${EVENTS_PER_SEC} events/s, against telling everybody each event`,
  async run(run): Promise<Result> {
    const { stand, scope, reps } = run
    const viewers = crowdOf(run)
    const fanfare = await openRoom(run, 'broadcast')
    const { redis } = await stand.service()
    const usual = await openSide(run, {
      served: await stand.reference(scope, 'usual', {
        args: ['--redis', String(redis.port), '--broadcast'],
      }),
      speech: 'socketIo',
      tickets: strangers(viewers),
      atOnce: 100,
    })
    /** Processor seconds per second of such a room. */
    const paced = async (side: Side, tapsPerSec: number): Promise<number> => {
      const { cpu, answer } = await cpuWhile(side.served.pid, () =>
        side.generator.ask('pace', { tapsPerSec, ms: WINDOW_MS, mergeMs: 0, drainMs: DRAIN_MS }),
      )
      if (answer.answered < answer.commands)
        throw new Error(`${side.served.name}: not all events were answered`)
      // By events, not by time: the usual way cannot take as many in a second.
      return (cpu / answer.commands) * EVENTS_PER_SEC
    }
    const series = await interleave(
      {
        Fanfare: () => paced(fanfare, EVENTS_PER_SEC),
        'usual way': () => paced(usual, USUAL_EVENTS_PER_SEC),
      },
      { reps },
    )
    return {
      series,
      unit: 'CPU-seconds per second of the room',
      goals: [
        {
          what: 'times less than the usual way',
          measured: pairedRatio(valuesOf(series, 'usual way'), valuesOf(series, 'Fanfare')),
          at: 'least',
          limit: 20,
        },
      ],
      notes: [
        `${viewers} viewers; of the usual way ${USUAL_EVENTS_PER_SEC} events/s are measured and multiplied: a core cannot do more.`,
      ],
    }
  },
}
