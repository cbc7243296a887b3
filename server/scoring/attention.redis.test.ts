import { beforeEach, expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import { compileContext } from './compile.ts'
import { Random } from './random.testing.ts'
import { type ScoredAction, score } from './score.ts'

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
  },
  ['--appendonly', 'no'],
)
beforeEach(async () => {
  await redis.flushall()
})

const ACCOUNT = 123_456_789
const BEAT_MS = 15_000
const QUARTER_MS = 900_000

/** A socket of the viewer: its own client session, on a gateway, in a room. */
interface Socket {
  session: { startMs: number; nonce: number }
  gateway: number
  live: number
  seq: number
  /** What its next heartbeat carries, and when it is due. */
  nonce: number
  dueAtMs: number
}

function stand() {
  const bench = createBench(redis, {
    earn: [
      {
        id: 'watch_15',
        no: 3,
        action: 'watch',
        points: 50,
        goal: { mode: 'continuous', minutes: 15 },
      },
    ],
  })
  const slot = bench.places.slotOf(ACCOUNT)
  const watched = new Map<number, number>()
  const state = { points: 0, awards: 0 }
  let sessions = 0

  async function beat(nowMs: number, socket: Socket, part: Partial<ScoredAction> = {}) {
    socket.seq++
    const sent = act(socket.seq, 'watch', { p1: socket.nonce, p2: nowMs % 2 ** 31, ...part })
    const reply = await score(redis, {
      ...{ slot, gateway: socket.gateway, nowMs, aroundMs: nowMs },
      ...{ timeZone: bench.book.timeZone, dailyPoints: 0, allowance: -1, journalMax: 1e6 },
      contexts: [compileContext({ ...bench.room, live: socket.live }, nowMs)],
      viewers: [
        {
          ...{ account: ACCOUNT, live: socket.live, context: 0, session: socket.session },
          ...{ personal: 1000, actions: [sent] },
        },
      ],
    })
    const answer = reply.tag === 'scored' ? reply.answers[0] : undefined
    if (answer?.status !== 'ok') throw new Error(`answered ${answer?.status ?? reply.tag}`)
    socket.nonce = answer.state.watch.nonce
    socket.dueAtMs = answer.state.watch.dueAtMs
    watched.set(socket.live, answer.state.live.watchedMs)
    state.points = answer.state.balance.spendable
    const [first, ...rest] = must(answer.entry, 'an entry').receipts
    state.awards += rest.filter((receipt) => receipt.points > 0).length
    return must(first, 'a receipt')
  }

  return {
    beat,
    state,
    total: () => [...watched.values()].reduce((a, b) => a + b, 0),
    async join(nowMs: number, gateway: number, live: number): Promise<Socket> {
      const session = { startMs: nowMs - 1000, nonce: ++sessions }
      const socket = { session, gateway, live, seq: 0, nonce: 0, dueAtMs: 0 }
      expect(await beat(nowMs, socket)).toMatchObject({ reason: 'watch_started', counted: 0 })
      return socket
    },
  }
}

type Watching = ReturnType<typeof stand>

/** A beat that must earn nothing: replayed, forged or early. */
async function cheat(r: Random, { beat, total }: Watching, of: { socket: Socket; nowMs: number }) {
  const { socket, nowMs } = of
  // A paused clock has no nonce to guess: any visible beat starts it, from nothing.
  if (socket.dueAtMs === 0) return
  const before = total()
  const kind = r.below(3)
  if (kind === 0) {
    const old = socket.nonce === 1 ? 2 : socket.nonce - 1
    expect((await beat(nowMs, socket, { p1: old })).reason).toBe('watch_stale')
  } else if (kind === 1) {
    const forged = (socket.nonce + 1 + r.below(1000)) % 2 ** 32
    expect((await beat(nowMs, socket, { p1: forged })).reason).toBe('watch_stale')
  } else if (nowMs < socket.dueAtMs - 250) {
    expect((await beat(nowMs, socket)).reason).toBe('watch_early')
  }
  expect(total()).toBe(before)
}

test.each(Array.from({ length: 12 }, (_, i) => i + 1))(
  '[S23 S24 001-15 case 1] seed %i: three sockets, two gateways, two rooms, 15 minutes: 900 s and one award',
  async (seed) => {
    const r = new Random(seed)
    const watching = stand()
    const { beat, state, total, join } = watching
    const endMs = START_MS + QUARTER_MS
    const first = await join(START_MS, 1, 7)
    // A second tab is opened at any moment, the other room once the first one holds the attention.
    const sockets = [first, await join(START_MS + r.below(first.dueAtMs - START_MS), 2, 7)]
    let nowMs = first.dueAtMs
    for (const socket of r.shuffled(sockets)) await beat(nowMs, socket)
    nowMs += r.below(14_000)
    sockets.push(await join(nowMs, 2, 8))
    for (;;) {
      const next = sockets
        .map((socket) => ({ socket, atMs: socket.dueAtMs + r.pick([0, 0, 40, 1500, -249]) }))
        .sort((a, b) => a.atMs - b.atMs)[0]
      const { socket, atMs } = must(next, 'a socket')
      if (Math.max(nowMs, atMs) >= endMs) break
      nowMs = Math.max(nowMs, atMs)
      const receipt = await beat(nowMs, socket)
      if (socket.live === 8)
        expect(receipt).toMatchObject({ reason: 'watch_elsewhere', counted: 0 })
      expect(total()).toBeLessThanOrEqual(nowMs - START_MS)
      if (r.chance(0.4)) await cheat(r, watching, { socket: r.pickFrom(sockets) ?? first, nowMs })
    }
    // The viewer looks away after exactly fifteen minutes.
    await beat(endMs, first, { units: 0 })
    expect(total()).toBe(QUARTER_MS)
    expect(state).toEqual({ points: 50, awards: 1 })
  },
)

test.each([1, 2, 3, 4])(
  '[S23 case 1] seed %i: whoever holds the attention, no second is credited twice',
  async (seed) => {
    const r = new Random(seed * 977)
    const watching = stand()
    const { beat, total, join } = watching
    const sockets: Socket[] = []
    for (let i = 0; i < 5; i++) sockets.push(await join(START_MS, 1 + (i % 2), 7 + (i % 2)))
    let nowMs = START_MS
    for (let i = 0; i < 250; i++) {
      nowMs += r.pick([0, 1, 700, 5000, 15_000, 40_000])
      const socket = r.pickFrom(sockets) ?? must(sockets[0], 'a socket')
      if (r.chance(0.2)) await cheat(r, watching, { socket, nowMs })
      else await beat(nowMs, socket, { units: r.chance(0.85) ? 1 : 0 })
      expect(total()).toBeLessThanOrEqual(nowMs - START_MS)
    }
    expect(total()).toBeGreaterThan(60_000)
  },
)

test('[S20 S22 case 1] joining one second before a tick earns one second', async () => {
  const { join, beat, total } = stand()
  const phase = ACCOUNT % BEAT_MS
  const tickMs = Math.ceil((START_MS - phase) / BEAT_MS) * BEAT_MS + phase
  const socket = await join(tickMs - 1000, 1, 7)
  expect(socket.dueAtMs).toBe(tickMs)
  expect(await beat(tickMs, socket)).toMatchObject({ reason: 'progress', counted: 1000 })
  expect(total()).toBe(1000)
})

test('[S24] a page that slept is credited no more than the gap', async () => {
  const { join, beat } = stand()
  const socket = await join(START_MS, 1, 7)
  expect(await beat(START_MS + 300_000, socket)).toMatchObject({ counted: 30_000 })
})
