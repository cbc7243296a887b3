import { describe, expect, test } from 'vitest'
import { ACTIONS, type Action } from '../../shared/receipt.ts'
import { seededRandom } from '../../shared/seeded.ts'
import { must } from '../kernel/index.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { compileHeat, readPulseLog, replayHeat } from '../rooms/index.ts'
import { act, createBench } from './bench.testing.ts'
import { likes, openGateway, openRoom, published, START_MS, TestGateway } from './pulse.testing.ts'
import { pulse, pulseRules } from './pulse.ts'
import type { PulseInput } from './pulse-message.ts'
import { toRoomPulse } from './room-view.ts'

let redis: Store
useRedis(async (server) => {
  openTestClock()
  redis = await server.connect()
})

const gateway = (part?: { gateway?: number; incarnation?: string }) => openGateway(redis, part)

describe('heat', () => {
  test('[H2] halves in a half-life and is gone after 65,536 buckets', async () => {
    const g = await gateway()
    await g.pulse(START_MS, likes(1_000_000))
    const half = await g.pulse(START_MS + 60_000)
    expect(Math.abs(half.heat.milli - 500_000)).toBeLessThanOrEqual(8)
    expect((await g.pulse(START_MS + 65_536 * 250)).heat.milli).toBe(0)
  })

  test('[H4] pulses that add nothing neither write nor wear the heat down', async () => {
    const busy = await gateway()
    const calm = await gateway()
    await busy.pulse(START_MS, likes(77_777))
    await calm.pulse(START_MS, likes(77_777))
    for (let ms = 100; ms < 10_000; ms += 100) await busy.pulse(START_MS + ms)
    const a = await busy.pulse(START_MS + 10_000)
    const b = await calm.pulse(START_MS + 10_000)
    expect(a.heat.milli).toBe(b.heat.milli)
    expect(await readPulseLog(redis, busy.at.room)).toHaveLength(1)
  })

  test('[H5 H6 H13] three accounts leave level 0 together, and the room is told once', async () => {
    const g = await gateway()
    const two = await g.pulse(START_MS + 1000, likes(90_000, ['ann', 'bob']))
    expect(two.heat).toMatchObject({ level: 0, held: 'actors' })
    const three = await g.pulse(START_MS + 1500, likes(1000, ['cat']))
    expect(three.heat).toMatchObject({ level: 3, levelSinceMs: START_MS + 1500 })
    expect(three.heat.held).toBeUndefined()
    expect(three.moments).toEqual([{ seq: 1, atMs: START_MS + 1500, kind: 'heat.rose', level: 3 }])
    expect((await g.pulse(START_MS + 2000, likes(1000))).moments).toEqual([])
  })

  test('[H6] who acted more than a minute ago does not count', async () => {
    const g = await gateway()
    await g.pulse(START_MS, likes(1000, ['ann', 'bob']))
    expect((await g.pulse(START_MS + 59_999, likes(90_000, ['cat']))).heat.level).toBe(3)
    const late = await gateway()
    await late.pulse(START_MS, likes(1000, ['ann', 'bob']))
    const result = await late.pulse(START_MS + 60_000, likes(90_000, ['cat']))
    expect(result).toMatchObject({ actors: 1, heat: { level: 0, held: 'actors' } })
  })

  test('[H7 H8] a level holds for the dwell time, and drops only below a fifth less than its threshold', async () => {
    const g = await gateway()
    await g.pulse(START_MS, likes(45_000))
    const soon = await g.pulse(START_MS + 29_999, likes(100_000))
    expect(soon.heat).toMatchObject({ level: 1, held: 'dwell' })
    const then = await g.pulse(START_MS + 30_000)
    expect(then.heat.level).toBe(4)
    // 131,819 at 30 s; level 4 needs 120,000 to rise and keeps down to 96,000.
    const lower = await g.pulse(START_MS + 30_000 + 25_000)
    expect(lower.heat.milli).toBeLessThan(120_000)
    expect(lower.heat.level).toBe(4)
    let level = 4
    const drops: number[] = []
    for (let ms = 60_000; ms < 240_000; ms += 250) {
      const next = (await g.pulse(START_MS + ms)).heat.level
      if (next !== level) drops.push(START_MS + ms)
      level = next
    }
    expect(level).toBe(0)
    for (const [i, at] of drops.entries())
      expect(at - (drops[i - 1] ?? START_MS + 30_000)).toBeGreaterThanOrEqual(30_000)
  })

  test('[H9] a rulebook with fewer levels takes the room to its last', async () => {
    const g = await gateway()
    await g.pulse(START_MS, likes(200_000))
    const book = published(2)
    const shorter = published(2, { levels: book.book.heat.levels.slice(0, 2) })
    const result = await g.pulse(START_MS + 250, { rules: pulseRules(shorter) })
    expect(result.heat.level).toBe(1)
  })

  test('[H10] a repeated pulse changes nothing and learns how the room stands', async () => {
    const g = await gateway()
    const input = g.input(START_MS + 1000, {
      ...likes(50_000),
      issued: 7,
      audience: 5,
      comments: [{ account: 'ann', line: { handle: 'ann', name: 'Ann', rung: 0, text: 'hi' } }],
    })
    const first = await g.send(input)
    const again = await pulse(redis, { ...input, nowMs: START_MS + 1200 })
    expect(again).toEqual({ ...first, atMs: START_MS + 1200, repeated: true })
    expect((await readPulseLog(redis, g.at.room)).length).toBe(1)
    const restarted = new TestGateway(redis, { ...g.at, incarnation: 'b' })
    expect((await restarted.pulse(START_MS + 1200, likes(1000))).heat.milli).toBe(51_000)
  })

  test('[H12] the reply says which actions the heat comes from', async () => {
    const g = await gateway()
    const by: [Action, number][] = [
      ['like', 10_000],
      ['share', 30_000],
    ]
    const result = await g.pulse(START_MS, {
      weight: 40_000,
      byAction: by,
      actors: ['a', 'b', 'c'],
    })
    expect(result.heat.shares).toEqual(by)
    const view = toRoomPulse(result, { published: published(), durable: [1], epochs: [] })
    expect(view.heat).toMatchObject({ value: 40, level: 1, next: 60 })
    expect(view.heat.why).toEqual([
      { action: 'share', share: 0.75 },
      { action: 'like', share: 0.25 },
    ])
    expect(view.heat.multipliers.like).toBe(1100)
  })

  test('[H12 000-07] a room is heated by each head that watches and by each message, and says by which', async () => {
    const bench = createBench(redis)
    const { weights } = bench.book.heat
    const g = await gateway()
    bench.room.live = g.at.live
    const sums = new Map<Action, number>()
    const add = ({ heatBy }: { heatBy: Map<number, number> }) => {
      for (const action of ['watch', 'comment'] as const)
        sums.set(action, (sums.get(action) ?? 0) + (heatBy.get(ACTIONS[action]) ?? 0))
    }
    const [HEADS, WRITERS] = [6, 2]
    for (let account = 1; account <= HEADS; account++) {
      const opened = await bench.one(START_MS, {
        ...{ account, actions: [act(1, 'watch', { p2: account })] },
      })
      const { dueAtMs, nonce } = opened.state.watch
      const beats = [act(2, 'watch', { p1: nonce, p2: account })]
      if (account <= WRITERS) beats.push(act(3, 'comment', { p1: account }))
      add(await bench.one(dueAtMs, { account, actions: beats }))
    }
    const byAction: [Action, number][] = [
      ['watch', HEADS * 1000 * (weights.watch ?? 0)],
      ['comment', WRITERS * 1000 * (weights.comment ?? 0)],
    ]
    expect([...sums]).toEqual(byAction)
    const weight = byAction.reduce((sum, [, of]) => sum + of, 0)
    const { heat } = await g.pulse(START_MS, { weight, byAction, actors: ['a', 'b', 'c'] })
    expect(heat).toMatchObject({ milli: weight, shares: expect.arrayContaining(byAction) })
  })

  test('[H6 S31 case 2] one account at 1,000 likes a second, over two gateways, never leaves level 0', async () => {
    const at = await openRoom(redis)
    const gateways = [1, 2].map((no) => new TestGateway(redis, { ...at, gateway: no }))
    const bench = createBench(redis)
    bench.room.live = at.live
    const { perViewer } = bench.book.heat
    let top = 0
    for (let step = 0; step < 720; step++) {
      const nowMs = START_MS + 250 * step
      const which = step % 2
      const { heat } = await bench.one(nowMs, {
        account: 1234,
        session: { startMs: START_MS - 1000, nonce: 1 + which },
        actions: [act(1 + (step >> 1), 'like', { units: 250 })],
      })
      const pulsed = await must(gateways[which], 'a gateway').pulse(
        nowMs,
        likes(heat, heat > 0 ? ['finger'] : []),
      )
      expect(pulsed.heat.level).toBe(0)
      top = Math.max(top, pulsed.heat.milli)
    }
    // Of the 12,000 units of heat a minute that the taps weigh, six in each window of ten seconds warm the room.
    expect(top).toBeGreaterThan(perViewer * 1000)
    expect(top).toBeLessThanOrEqual((perViewer * 1000) / (1 - 2 ** (-10 / 60)))
  })

  test.each([1, 2, 3])(
    '[H11 case 2] seed %i: the log replays to the same heat, bit for bit',
    async (seed) => {
      const random = seededRandom(seed)
      const pick = (n: number) => Math.floor(random() * n)
      const at = await openRoom(redis)
      const books = [published(1), published(2, { halfLifeSec: 37, minDwellSec: 5, minActors: 2 })]
      const params = new Map(books.map((b) => [b.version, compileHeat(b.book.heat)]))
      const gateways = [0, 1, 2].map((n) => new TestGateway(redis, { ...at, gateway: n + 1 }))
      const sent: PulseInput[] = []
      const shown: { heat: number; level: number }[] = []
      let now = START_MS
      for (let i = 0; i < 400; i++) {
        now += pick(10) === 0 ? pick(40_000) : pick(800)
        const g = gateways[pick(3)] ?? new TestGateway(redis, at)
        const repeated = random() < 0.2 ? sent[pick(sent.length)] : undefined
        const weight = random() < 0.3 ? 0 : pick(30_000)
        const part = pick(weight + 1)
        const input =
          repeated ??
          g.input(now - (random() < 0.1 ? 300 : 0), {
            weight,
            byAction: [
              ['like', part],
              ['comment', weight - part],
            ],
            actors: Array.from({ length: pick(3) }, () => `a${pick(90)}`),
            rules: pulseRules(books[random() < 0.1 ? 1 : 0] ?? published()),
          })
        sent.push(input)
        const result = await g.send({ ...input, nowMs: repeated ? now : (input.nowMs ?? now) })
        expect(result.repeated).toBe(repeated !== undefined)
        if (!repeated) shown.push({ heat: result.heat.milli, level: result.heat.level })
      }
      const log = await readPulseLog(redis, at.room)
      const paramsOf = (version: number) =>
        params.get(version) ?? compileHeat(published().book.heat)
      const replayed = replayHeat(log, paramsOf)
      expect(replayed).toEqual(log.map(({ heat, level }) => ({ heat, level })))
      expect(new Set(log.map((entry) => entry.level)).size).toBeGreaterThan(3)
      // What was shown is the log and, between its entries, pulses that added nothing.
      expect(shown.at(-1)?.level).toBe(log.at(-1)?.level)
      const doubled = replayHeat([...log, ...log], paramsOf)
      expect(doubled.slice(0, log.length)).toEqual(replayed)
      expect(new Set(doubled.slice(log.length).map((r) => r.level)).size).toBe(1)
    },
  )
})
