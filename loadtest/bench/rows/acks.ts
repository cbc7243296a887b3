/** Scored and acknowledged events per processor second of the gateway, one in flight per viewer. */

import type { Generator } from '../generator/remote.ts'
import type { SpeechName } from '../generator/speech.ts'
import { interleave, type Measure, valuesOf } from '../interleave.ts'
import { cpuWhile, wait } from '../machine.ts'
import type { Served } from '../stand.ts'
import { pairedRatio } from '../stats.ts'
import type { Result, Row, RowRun } from './row.ts'

const VIEWERS = 2000
/** The limit of likes lets a rested viewer send twenty at once, and refills five a second. */
const TURNS = 20
const REST_MS = 4300
const BURST_MS_MAX = 60_000
const OPEN_MS_MAX = 120_000
/** Taps of one viewer that one command may carry when clients merge; as many events as the usual way is given. */
const MERGED = 16

/** A server with its crowd. */
export interface Side {
  served: Served
  generator: Generator
  /** Commands that were answered `busy` so far. */
  refused: number
}

export async function openSide(
  { stand, scope }: RowRun,
  of: { served: Served; speech: SpeechName; tickets: readonly string[]; atOnce?: number },
): Promise<Side> {
  const generator = stand.generator(scope)
  const { served, speech, tickets, atOnce = 50 } = of
  const wish = { port: served.port, speech, tickets, atOnce, msMax: OPEN_MS_MAX }
  await generator.ask('open', wish)
  return { served, generator, refused: 0 }
}

interface Turn {
  turns: number
  eventsPerTurn: number
  count: number
}

/** With more refusals than this it is refusing that is measured. */
const REFUSED_SHARE_MAX = 0.2

/**
 * Events taken per processor second of one burst. A machine that is busy with other things may make commands wait for
 * longer than the service allows; those are answered `busy`, cost as much, and do not count.
 */
async function burst(side: Side, turn: Turn): Promise<number> {
  const { served, generator } = side
  const { cpu, answer } = await cpuWhile(served.pid, () =>
    generator.ask('burst', { ...turn, msMax: BURST_MS_MAX }),
  )
  const { turns, refused, late } = answer
  if (late > 0 || refused > turns * REFUSED_SHARE_MAX)
    throw new Error(`${served.name}: ${refused} refused, ${late} late of ${turns}`)
  side.refused += refused
  return ((turns - refused) * turn.eventsPerTurn * turn.count) / cpu
}

const burstEndedMs = new WeakMap<Side, number>()

/** Waits until the viewers may send a whole burst again. */
function rested(side: Side, measure: Measure): Measure {
  return async () => {
    const ended = burstEndedMs.get(side) ?? Number.NEGATIVE_INFINITY
    await wait(Math.max(0, ended + REST_MS - performance.now()))
    const measured = await measure()
    burstEndedMs.set(side, performance.now())
    return measured
  }
}

const noTickets = (): string[] => new Array<string>(VIEWERS).fill('')

interface FanfareOptions {
  /** Tells its viewers from those of other crowds. */
  crowd: string
  speech?: SpeechName
  library?: boolean
}

async function openFanfare(run: RowRun, of: FanfareOptions): Promise<Side> {
  const { stand, scope } = run
  const { crowd, speech = 'fanfare', library = false } = of
  const tickets = stand.tickets(stand.viewers(crowd, VIEWERS))
  return openSide(run, { served: await stand.gateway(scope, { library }), speech, tickets })
}

async function openUsual(run: RowRun): Promise<Side> {
  const { redis } = await run.stand.service()
  const served = await run.stand.reference(run.scope, 'usual', {
    args: ['--redis', String(redis.port)],
  })
  return openSide(run, { served, speech: 'socketIo', tickets: noTickets() })
}

/** Of a core that the generator of Fanfare used in one more burst. */
async function generatorShare({ generator }: Side, turn: Turn): Promise<number> {
  const { cpu, answer } = await cpuWhile(generator.pid, () =>
    generator.ask('burst', { ...turn, msMax: BURST_MS_MAX }),
  )
  return cpu / (answer.ms / 1000)
}

export const acks: Row = {
  id: 'acks',
  what: `scored, acknowledged events per gateway CPU-second, one in flight, ${VIEWERS} viewers`,
  async run(run): Promise<Result> {
    const { stand, scope, reps } = run
    const turn = { turns: TURNS, eventsPerTurn: 1, count: 1 }
    const empty = await stand.reference(scope, 'socketio-ack')
    const raw = await stand.reference(scope, 'uws-json')
    const least = await stand.reference(scope, 'uws-later')
    const fanfare = await openFanfare(run, { crowd: 'acks' })
    const library = await openFanfare(run, { crowd: 'library', library: true })
    const usual = await openUsual(run)
    const socketIo = await openSide(run, {
      served: empty,
      speech: 'socketIo',
      tickets: noTickets(),
    })
    const json = await openSide(run, { served: raw, speech: 'json', tickets: noTickets() })
    const later = await openSide(run, { served: least, speech: 'json', tickets: noTickets() })
    const series = await interleave(
      {
        Fanfare: rested(fanfare, () => burst(fanfare, turn)),
        'Fanfare, front handler off': rested(library, () => burst(library, turn)),
        'usual way': () => burst(usual, turn),
        'empty Socket.IO ack on uWS': () => burst(socketIo, turn),
        'hand-made JSON on raw uWS': () => burst(json, turn),
        'raw uWS, answers as long, later': () => burst(later, turn),
      },
      { reps },
    )
    await wait(REST_MS)
    const ours = valuesOf(series, 'Fanfare')
    const against = (of: string, limit: number) => ({
      what: `times the ${of}`,
      measured: pairedRatio(ours, valuesOf(series, of)),
      at: 'least' as const,
      limit,
    })
    return {
      series,
      unit: 'events per server CPU-second',
      goals: [against('usual way', 3), against('empty Socket.IO ack on uWS', 1.2)],
      generatorShare: await generatorShare(fanfare, turn),
      notes: [
        'Fanfare scores on Redis and writes its journal; the empty ack and what runs on raw uWS do not.',
        `Answered busy and not counted: ${fanfare.refused}.`,
      ],
    }
  },
}

export const merged: Row = {
  id: 'merged',
  what: `the same, clients merging ${MERGED} taps and hearing one answer by watermark`,
  async run(run): Promise<Result> {
    const oneCommand = { turns: TURNS, eventsPerTurn: 1, count: MERGED }
    const atOnce = { turns: 1, eventsPerTurn: MERGED, count: 1 }
    const fanfare = await openFanfare(run, { crowd: 'merged', speech: 'fanfareWatermark' })
    const usual = await openUsual(run)
    const series = await interleave(
      {
        Fanfare: rested(fanfare, () => burst(fanfare, oneCommand)),
        'Fanfare, taps not merged': rested(fanfare, () => burst(fanfare, atOnce)),
        'usual way': () => burst(usual, { ...atOnce, turns: 4 }),
      },
      { reps: run.reps },
    )
    await wait(REST_MS)
    return {
      series,
      unit: 'events per server CPU-second',
      goals: [
        {
          what: 'times the usual way',
          measured: pairedRatio(valuesOf(series, 'Fanfare'), valuesOf(series, 'usual way')),
          at: 'least',
          limit: 7,
        },
      ],
      generatorShare: await generatorShare(fanfare, oneCommand),
      notes: [
        `${MERGED} taps are one command; not merged, ${MERGED} commands leave in one segment, as the events of the usual way do, of which the last is acknowledged.`,
      ],
    }
  },
}
