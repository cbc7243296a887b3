import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Action } from '../../shared/receipt.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import {
  compileHeat,
  endLive,
  finishLive,
  momentsAfter,
  readPulseLog,
  replayHeat,
  startLive,
  tiersReached,
} from '../rooms/index.ts'
import { claimPlaces, startCampaign, startTask } from '../tasks/index.ts'
import { openRoom, published, START_MS, TestGateway } from './pulse.testing.ts'
import { type PulseInput, pulse, pulseRules } from './pulse.ts'
import { roomContext, toHostPulse, toRoomPulse } from './room-view.ts'

let server: TestRedis
let redis: Store
beforeAll(async () => {
  openTestClock()
  server = await startRedis()
  redis = await server.connect()
})
afterAll(() => server.stop())

const gateway = async (part: { gateway?: number; incarnation?: string } = {}) =>
  new TestGateway(redis, { ...(await openRoom(redis)), ...part })
const likes = (weight: number, actors: string[] = ['ann', 'bob', 'cat']) => ({
  weight,
  byAction: [['like', weight]] as [Action, number][],
  actors,
})
/** mulberry32: small, seeded, and the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const task = {
  requestId: 'request-1',
  action: 'share',
  goal: 1,
  points: 100,
  growth: 0,
  seconds: 60,
  title: { zh: '任务', en: 'Task' },
} as const
const campaign = {
  requestId: 'request-2',
  action: 'share',
  factor: 2,
  seconds: 60,
  title: { zh: '双倍', en: 'Double' },
} as const

describe('heat', () => {
  test('[H2 000-07] halves in a half-life and is gone after 65,536 buckets', async () => {
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

  test('[H6 case 2] one account at 1,000 likes a second never leaves level 0', async () => {
    const book = published().book
    const g = await gateway()
    const perLike = Math.round((book.heat.weights.like ?? 0) * 1000)
    const most = Math.round(book.heat.perViewer * 1000)
    let spent = 0
    let window = -1
    let top = 0
    for (let ms = 0; ms < 180_000; ms += 250) {
      // What the account's script lets through: at most `perViewer` in each window of ten seconds.
      const now = Math.floor((START_MS + ms) / 10_000)
      if (now !== window) spent = 0
      window = now
      const weight = Math.min(250 * perLike, most - spent)
      spent += weight
      const result = await g.pulse(START_MS + ms, likes(weight, weight ? ['finger'] : []))
      expect(result.heat.level).toBe(0)
      top = Math.max(top, result.heat.milli)
    }
    expect(top).toBeGreaterThan(0)
    expect(top).toBeLessThanOrEqual(most / (1 - 2 ** (-10 / 60)))
  })

  test.each([1, 2, 3])(
    '[H11 case 2] seed %i: the log replays to the same heat, bit for bit',
    async (seed) => {
      const random = seeded(seed)
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

describe('room', () => {
  test('[RM7] time in a room never runs backwards', async () => {
    const g = await gateway()
    await g.pulse(START_MS + 5000, likes(1000))
    expect((await g.pulse(START_MS + 1000, likes(1000))).atMs).toBe(START_MS + 5000)
  })

  test('[RM8] what belongs to another live is dropped', async () => {
    const g = await gateway()
    const old = { ...likes(50_000), live: g.at.live - 1, issued: 9 }
    const result = await g.pulse(START_MS + 250, {
      ...old,
      board: [{ account: 'ann', points: 3, rung: 0, name: 'Ann' }],
    })
    expect(result).toMatchObject({ issued: 0, board: [], heat: { milli: 0 } })
    expect(result.live).toEqual({ no: g.at.live, state: 'open', startedAtMs: START_MS })
  })

  test('[RM5 RM8] an ended live takes no heat but late totals; the next one starts empty', async () => {
    const g = await gateway()
    await g.pulse(START_MS, { ...likes(50_000), issued: 5 })
    await endLive(redis, { ...g.at, nowMs: START_MS + 1000 })
    await finishLive(redis, { ...g.at, nowMs: START_MS + 1000 })
    const board = [{ account: 'ann', points: 30, rung: 2, name: 'A:nn' }]
    const late = await g.pulse(START_MS + 1000, { ...likes(50_000), issued: 2, board })
    expect(late).toMatchObject({ issued: 7, heat: { level: 1 } })
    expect(late.heat.milli).toBeLessThan(50_000)
    expect(late.board).toEqual([{ handle: 'ann', name: 'A:nn', rung: 2, points: 30 }])
    expect(late.moments?.at(-1)?.kind).toBe('live.ended')
    await startLive(redis, { room: g.at.room, nowMs: START_MS + 2000 })
    const next = await g.pulse(START_MS + 2000)
    expect(next).toMatchObject({ issued: 0, board: [], actors: 0, heat: { milli: 0, level: 0 } })
  })

  test('[RM9] audience is the sum over gateways heard from in the last 5 s, restarts counted once', async () => {
    const at = await openRoom(redis)
    const one = new TestGateway(redis, { ...at, gateway: 1 })
    const two = new TestGateway(redis, { ...at, gateway: 2 })
    const reborn = new TestGateway(redis, { ...at, gateway: 1, incarnation: 'b' })
    await one.pulse(START_MS, { audience: 10 })
    expect((await two.pulse(START_MS + 100, { audience: 5 })).audience).toBe(15)
    expect((await reborn.pulse(START_MS + 200, { audience: 4 })).audience).toBe(9)
    expect((await two.pulse(START_MS + 300, { audience: 6 })).audience).toBe(10)
    expect((await two.pulse(START_MS + 5201, { audience: 6 })).audience).toBe(6)
  })

  test('[RM9] gateways that fell silent are forgotten, and of too many the oldest', async () => {
    const at = await openRoom(redis)
    const key = `ff:{r:${at.room}}:gateways`
    for (let n = 1; n <= 260; n++)
      await new TestGateway(redis, { ...at, gateway: n }).pulse(START_MS + n, { audience: 1 })
    expect(await redis.hlen(key)).toBe(256)
    expect(await redis.hexists(key, '260:a')).toBe(1)
    expect(await redis.hexists(key, '4:a')).toBe(0)
    const g = new TestGateway(redis, { ...at, gateway: 1 })
    expect((await g.pulse(START_MS + 601_000, { audience: 3 })).audience).toBe(3)
    expect(await redis.hlen(key)).toBe(1)
  })

  test('[RM10] the board keeps the highest points, answers ten places, fifty for a host, and only when it changed', async () => {
    const g = await gateway()
    const line = (i: number, points: number) => ({
      account: `a${i}`,
      points,
      rung: 1,
      name: `N${i}`,
    })
    for (let page = 0; page < 11; page++)
      await g.pulse(START_MS + page, {
        board: Array.from({ length: 100 }, (_, i) => line(page * 100 + i, page * 100 + i + 1)),
      })
    expect(await redis.zcard(`ff:{r:${g.at.room}}:board`)).toBe(1000)
    expect(await redis.hlen(`ff:{r:${g.at.room}}:names`)).toBe(1000)
    const lower = await g.pulse(START_MS + 100, { board: [line(1099, 5)] })
    expect(lower.board).toHaveLength(10)
    expect(lower.board?.[0]).toEqual({ handle: 'a1099', name: 'N1099', rung: 1, points: 1100 })
    expect((await g.pulse(START_MS + 200)).board).toBeUndefined()
    expect((await g.pulse(START_MS + 300, { host: true })).board).toHaveLength(50)
    const idle = await g.pulse(START_MS + 400, { host: true })
    expect(idle.board).toBeUndefined()
    expect(toHostPulse(idle, lower.board ?? []).board).toHaveLength(10)
  })

  test('[RM11] comments get the next id and reach each gateway once; of many the newest 60', async () => {
    const at = await openRoom(redis)
    const one = new TestGateway(redis, { ...at, gateway: 1 })
    const two = new TestGateway(redis, { ...at, gateway: 2 })
    await two.pulse(START_MS)
    const line = (text: string) => ({
      account: 'ann',
      line: { handle: 'ann', name: '小美', rung: 2, text },
    })
    await one.pulse(START_MS + 1, { comments: [line('one'), line('two "quoted"')] })
    const seen = await two.pulse(START_MS + 2)
    expect(seen.comments).toEqual([
      { id: 1, atMs: START_MS + 1, handle: 'ann', name: '小美', rung: 2, text: 'one' },
      { id: 2, atMs: START_MS + 1, handle: 'ann', name: '小美', rung: 2, text: 'two "quoted"' },
    ])
    expect((await two.pulse(START_MS + 3)).comments).toEqual([])
    for (let i = 0; i < 5; i++)
      await one.pulse(START_MS + 4, { comments: Array.from({ length: 50 }, () => line('x')) })
    const many = await two.pulse(START_MS + 5)
    expect(many.comments.map((c) => c.id)).toEqual(Array.from({ length: 60 }, (_, i) => 193 + i))
    expect(await redis.xlen(`ff:{r:${at.room}}:comments`)).toBe(200)
    expect(
      toRoomPulse(many, { published: published(), durable: [], epochs: [] }).comments,
    ).toHaveLength(10)
  })

  test('[RM8] the scoring context names live, level and how long it may be used', async () => {
    const g = await gateway()
    const result = await g.pulse(START_MS + 250, likes(50_000))
    expect(roomContext(result)).toEqual({
      live: g.at.live,
      level: 1,
      levelSinceMs: START_MS + 250,
      campaigns: [],
      tasks: [],
      validUntilMs: START_MS + 250 + 5000,
    })
  })
})

describe('moments', () => {
  const rise = async (g: TestGateway, at: number) => {
    await g.pulse(at, likes(50_000))
    await g.pulse(at + 300_000)
  }

  test('[M2] a gateway gets every moment after its cursor, in order', async () => {
    const at = await openRoom(redis)
    const one = new TestGateway(redis, { ...at, gateway: 1 })
    const two = new TestGateway(redis, { ...at, gateway: 2 })
    expect((await two.pulse(START_MS)).moments).toBeUndefined()
    await rise(one, START_MS)
    await rise(one, START_MS + 400_000)
    const seen = await two.pulse(START_MS + 800_000)
    expect(seen.moments?.map((m) => [m.seq, m.kind])).toEqual([
      [1, 'heat.rose'],
      [2, 'heat.rose'],
    ])
    expect((await two.pulse(START_MS + 800_001)).moments).toEqual([])
  })

  test('[M3] a reader behind the trimmed end is told to take the room anew', async () => {
    const g = await gateway()
    await g.pulse(START_MS)
    await rise(g, START_MS)
    await rise(g, START_MS + 400_000)
    await redis.xtrim(`ff:{r:${g.at.room}}:moments`, 'MAXLEN', 1)
    const behind = { room: g.at.room, epoch: g.cursor.epoch }
    expect((await momentsAfter(redis, { ...behind, seq: 0 }))?.moments).toBeUndefined()
    expect((await momentsAfter(redis, { ...behind, seq: 1 }))?.moments).toHaveLength(1)
    expect((await momentsAfter(redis, { ...behind, epoch: 'other', seq: 1 }))?.moments).toBe(
      undefined,
    )
    const lagging = g.input(START_MS + 900_000, { cursor: { ...g.cursor, seq: 0 } })
    const result = await g.send(lagging)
    expect(result.moments).toBeUndefined()
    expect(result.cursor.seq).toBe(2)
  })

  test('[M4] a stored sequence that went back takes the maximum and a new epoch', async () => {
    const g = await gateway()
    await rise(g, START_MS)
    const before = g.cursor
    const result = await g.pulse(START_MS + 400_000, {
      ...likes(50_000),
      cursor: { ...before, seq: 41, comment: 7 },
    })
    expect(result.epoch).not.toBe(before.epoch)
    expect(result.moments).toBeUndefined()
    expect(result.seq).toBe(42)
    const read = await momentsAfter(redis, { room: g.at.room, epoch: result.epoch, seq: 41 })
    expect(read?.moments?.map((m) => m.seq)).toEqual([42])
    const said = await g.pulse(START_MS + 400_001, {
      comments: [{ account: 'a', line: { handle: 'a', name: 'A', rung: 0, text: 'hi' } }],
    })
    expect(said.comments[0]?.id).toBe(8)
    const next = await startTask(redis, { room: g.at.room, nowMs: START_MS, ...task })
    expect(next).toMatchObject({ ok: true, task: { task: 101 } })
  })
})

describe('tasks and campaigns', () => {
  test('[T8] a pulse carries what runs, with the places left', async () => {
    const g = await gateway()
    const at = { room: g.at.room, nowMs: START_MS }
    await startTask(redis, { ...at, ...task, quota: 3 })
    await startCampaign(redis, { ...at, ...campaign })
    const claims = [{ account: 'ann', reachedAtMs: START_MS }]
    await claimPlaces(redis, { ...at, task: 1, claims })
    const result = await g.pulse(START_MS + 1000)
    expect(result.tasks).toMatchObject([{ task: 1, action: 'share', quota: 3, left: 2 }])
    expect(result.campaigns).toMatchObject([{ campaign: 2, action: 'share', factor: 2000 }])
    const view = toRoomPulse(result, { published: published(), durable: [], epochs: [] })
    expect(view.heat.multipliers).toEqual({ share: 2000 })
  })

  test('[T5] the pulse after the end tells the room, once, however many gateways pulse', async () => {
    const at = await openRoom(redis)
    const gateways = [1, 2, 3].map((n) => new TestGateway(redis, { ...at, gateway: n }))
    await startTask(redis, { room: at.room, nowMs: START_MS, ...task })
    await startCampaign(redis, { room: at.room, nowMs: START_MS, ...campaign })
    for (const g of gateways) await g.pulse(START_MS + 59_999)
    await Promise.all(gateways.map((g) => g.pulse(START_MS + 60_000)))
    const results = await Promise.all(gateways.map((g) => g.pulse(START_MS + 60_001)))
    expect(results.map((r) => [r.tasks, r.campaigns, r.seq])).toEqual([
      [[], [], 4],
      [[], [], 4],
      [[], [], 4],
    ])
    const read = await momentsAfter(redis, {
      room: at.room,
      epoch: results[0]?.epoch ?? '',
      seq: 2,
    })
    expect(read?.moments).toEqual([
      { seq: 3, atMs: START_MS + 60_000, kind: 'task.ended', task: 1, won: 0 },
      { seq: 4, atMs: START_MS + 60_000, kind: 'campaign.ended', campaign: 2 },
    ])
    await gateways[0]?.pulse(START_MS + 180_001)
    expect(await redis.exists(`ff:{r:${at.room}}:runs`)).toBe(0)
  })

  test('[T9] the end of the live ends them; late claims are still decided', async () => {
    const g = await gateway()
    await startTask(redis, { room: g.at.room, nowMs: START_MS, ...task, quota: 3 })
    await endLive(redis, { ...g.at, nowMs: START_MS + 1000 })
    const result = await g.pulse(START_MS + 1200)
    expect(result.tasks).toEqual([])
    expect(result.moments).toBeUndefined()
    const claims = [{ account: 'ann', reachedAtMs: START_MS + 1100 }]
    const late = { room: g.at.room, task: 1, claims, nowMs: START_MS + 6000 }
    expect(await claimPlaces(redis, late)).toEqual({
      ok: true,
      atMs: START_MS + 6000,
      places: [{ state: 'won', rank: 1 }],
    })
  })

  test('[Q5] a pulse with a host brings the cues', async () => {
    const g = await gateway()
    const ann = {
      account: 'ann',
      ladder: 'cn_5',
      rung: 1,
      promotion: 1,
      handle: 'ann',
      name: 'Ann',
    }
    await tiersReached(redis, { room: g.at.room, reached: [ann], nowMs: START_MS })
    const result = await g.pulse(START_MS, { host: true })
    expect(toHostPulse(result, []).cues).toMatchObject([{ rung: 1, names: ['Ann'], held: false }])
    expect((await g.pulse(START_MS)).cues).toBeUndefined()
  })
})
