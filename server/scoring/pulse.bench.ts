/**
 * `node server/run.mjs server/scoring/pulse.bench.ts [--gateways 1,16,64,256] [--pulses 4000]`: what a room's slot costs Redis for each pulse of
 * one of so many gateways, while their viewers like, comment and climb the board. Numbers of gateways take turns.
 */

import { parseArgs } from 'node:util'
import { openTestClock, type Store } from '../redis/index.ts'
import { startRedis } from '../redis/testing.ts'
import { openRoom, START_MS, TestGateway } from './pulse.testing.ts'
import { ACTORS_PER_PULSE } from './pulse-message.ts'

/** As `FANFARE_PULSE_MS` is unless told otherwise. */
const PULSE_MS = 500
const ROUNDS = 5
/** Of each gateway in a pulse. */
const BOARD = 20
const COMMENTS = 2

const { values } = parseArgs({
  options: {
    gateways: { type: 'string', default: '1,16,64,256' },
    pulses: { type: 'string', default: '4000' },
  },
})
const counts = values.gateways.split(',').map(Number)
const pulses = Number(values.pulses)

interface Room {
  gateways: TestGateway[]
  /** Pulses of all so far. */
  sent: number
}

async function openFor(store: Store, count: number): Promise<Room> {
  const at = await openRoom(store)
  const gateways = Array.from(
    { length: count },
    (_, i) => new TestGateway(store, { ...at, gateway: i + 1 }),
  )
  return { gateways, sent: 0 }
}

/** Gateways one after the other, all of them once in each `PULSE_MS` of the room's time. */
async function beat(room: Room, times: number): Promise<void> {
  const { gateways } = room
  for (let i = 0; i < times; i++, room.sent++) {
    const at = room.sent % gateways.length
    const viewers = Array.from(
      { length: BOARD },
      (_, n) => `${at * 1000 + ((room.sent + n) % 500)}`,
    )
    await gateways[at]?.pulse(START_MS + Math.floor((room.sent * PULSE_MS) / gateways.length), {
      weight: 20_000,
      byAction: [['like', 20_000]],
      actors: viewers.slice(0, ACTORS_PER_PULSE),
      audience: 5000,
      board: viewers.map((account, n) => ({
        account,
        points: room.sent + n,
        rung: 1,
        name: 'Mei',
      })),
      comments: viewers.slice(0, COMMENTS).map((account) => ({
        account,
        line: { handle: 'h1', name: 'Mei', rung: 1, text: 'is it gluten free?' },
      })),
      issued: 40,
    })
  }
}

openTestClock()
const server = await startRedis()
const store = await server.connect()
const cpuUs = async () => {
  const info = await store.info('cpu')
  const of = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1])
  return (of('used_cpu_user_main_thread') + of('used_cpu_sys_main_thread')) * 1e6
}
const rooms = await Promise.all(counts.map((count) => openFor(store, count)))
for (const room of rooms) await beat(room, 2 * room.gateways.length)
const costs = rooms.map((): number[] => [])
for (let round = 0; round < ROUNDS; round++)
  for (const [i, room] of rooms.entries()) {
    const before = await cpuUs()
    await beat(room, pulses / ROUNDS)
    costs[i]?.push(((await cpuUs()) - before) / (pulses / ROUNDS))
  }
for (const [i, count] of counts.entries()) {
  const sorted = (costs[i] ?? []).sort((a, b) => a - b)
  const [least, middle, most] = [
    sorted[0] ?? 0,
    sorted[sorted.length >> 1] ?? 0,
    sorted.at(-1) ?? 0,
  ]
  const share = (middle * count * (1000 / PULSE_MS)) / 1e6
  process.stdout.write(
    `${count} gateways: ${middle.toFixed(0)} us of Redis a pulse (${least.toFixed(0)} to ${most.toFixed(0)}), ` +
      `${(share * 100).toFixed(1)} % of a core where each pulses every ${PULSE_MS} ms\n`,
  )
}
await server.stop()
