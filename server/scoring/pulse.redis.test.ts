import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../shared/seeded.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { endLive, finishLive, momentsAfter, startLive } from '../rooms/index.ts'
import { startTask } from '../tasks/index.ts'
import {
  likes,
  openGateway,
  openRoom,
  published,
  START_MS,
  TASK,
  TestGateway,
} from './pulse.testing.ts'
import { roomContext, toHostPulse, toRoomPulse } from './room-view.ts'

let redis: Store
useRedis(async (server) => {
  openTestClock()
  redis = await server.connect()
})

const gateway = (part?: { gateway?: number; incarnation?: string }) => openGateway(redis, part)

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

  test('[RM9] whoever pulses next, the audience is what all gateways say, those silent for 5 s at most 250 ms longer', async () => {
    const at = await openRoom(redis)
    const gateways = Array.from(
      { length: 12 },
      (_, i) => new TestGateway(redis, { ...at, gateway: i + 1 }),
    )
    const random = seededRandom(7)
    const heard = new Map<TestGateway, { audience: number; atMs: number }>()
    const sumOf = (sinceMs: number) =>
      [...heard.values()].reduce((sum, one) => sum + (one.atMs >= sinceMs ? one.audience : 0), 0)
    let [nowMs, counted, kept] = [START_MS, 0, 0]
    for (let i = 0; i < 600; i++) {
      nowMs += Math.floor(random() ** 3 * 400)
      // Some are silent for longer than others.
      const gateway = gateways[Math.floor(random() ** 2 * gateways.length)]
      if (!gateway) continue
      const audience = Math.floor(random() * 50)
      heard.set(gateway, { audience, atMs: nowMs })
      const [least, most] = [sumOf(nowMs - 5000), sumOf(nowMs - 5250)]
      const told = (await gateway.pulse(nowMs, { audience })).audience
      expect(told, `pulse ${i}`).toBeGreaterThanOrEqual(least)
      expect(told, `pulse ${i}`).toBeLessThanOrEqual(most)
      if (least < most) kept++
      else counted++
    }
    expect(Math.min(counted, kept)).toBeGreaterThan(5)
  })

  test('[RM9] gateways that fell silent are forgotten, and of too many the oldest', async () => {
    const at = await openRoom(redis)
    const key = `ff:{r:${at.room}}:gateways`
    for (let n = 1; n <= 1028; n++)
      await new TestGateway(redis, { ...at, gateway: n }).pulse(START_MS + n, { audience: 1 })
    const gateways = async () => (await redis.hkeys(key)).filter((field) => field !== 'sum')
    expect(await gateways()).toHaveLength(1024)
    expect(await redis.hexists(key, '1028:a')).toBe(1)
    expect(await redis.hexists(key, '4:a')).toBe(0)
    const g = new TestGateway(redis, { ...at, gateway: 1 })
    expect((await g.pulse(START_MS + 602_000, { audience: 3 })).audience).toBe(3)
    expect(await gateways()).toEqual(['1:a'])
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
    const next = await startTask(redis, { room: g.at.room, nowMs: START_MS, ...TASK })
    expect(next).toMatchObject({ ok: true, task: { task: 101 } })
  })
})
