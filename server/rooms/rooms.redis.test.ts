import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestClock, type Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import {
  brandNumber,
  createRoom,
  endLive,
  finishLive,
  getRoom,
  listRooms,
  momentsAfter,
  setSafe,
  spotlightComment,
  startLive,
} from './index.ts'

const NOW = 1_800_000_000_000
let server: TestRedis
let redis: Store
beforeAll(async () => {
  openTestClock()
  server = await startRedis()
  redis = await server.connect()
})
afterAll(() => server.stop())

const create = (id: string, name = 'Room') =>
  createRoom(redis, { id, name, brand: 'acme', timeZone: 'Asia/Shanghai', nowMs: NOW })

async function told(room: string): Promise<string[]> {
  const epoch = (await getRoom(redis, room))?.epoch ?? ''
  const read = await momentsAfter(redis, { room, epoch, seq: 0 })
  return (read?.moments ?? []).map((moment) => moment.kind)
}

async function comment(room: string, id: number): Promise<void> {
  // As the pulse writes it.
  const json = JSON.stringify({ id, atMs: NOW, handle: 'ann', name: 'Ann', rung: 1, text: '"' })
  await redis.xadd(`ff:{r:${room}}:comments`, `${id}-0`, 'account', 'ann', 'json', json)
}

describe('room', () => {
  test('[RM1] is created once; a repeat answers it unchanged', async () => {
    const first = await create('one')
    expect(first.created).toBe(true)
    expect(first.room).toMatchObject({
      id: 'one',
      name: 'Room',
      brand: 'acme',
      timeZone: 'Asia/Shanghai',
      profile: '',
      createdAtMs: NOW,
      live: { no: 0, state: 'ended' },
    })
    const again = await create('one', 'Other')
    expect(again).toEqual({ created: false, room: first.room })
    expect(await getRoom(redis, 'none')).toBeUndefined()
    await expect(create('a}b')).rejects.toThrow('must match')
  })

  test('[RM2] a brand keeps the number that its first use gave it, also when many ask at once', async () => {
    const asked = await Promise.all(
      Array.from({ length: 40 }, (_, i) => brandNumber(redis, `brand-${i % 4}`)),
    )
    expect(new Set(asked).size).toBe(4)
    expect(asked.slice(0, 4)).toEqual(asked.slice(36))
    await redis.hset('ff:{cfg}:brands', '#', 65_535)
    await expect(brandNumber(redis, 'late')).rejects.toThrow('65,535')
    expect(await brandNumber(redis, 'brand-0')).toBe(asked[0])
    await redis.hset('ff:{cfg}:brands', '#', 1000)
  })

  test('[RM3] rooms are listed in pages, in the order of their ids', async () => {
    for (const id of ['zc', 'za', 'zb']) await create(id)
    const first = await listRooms(redis, { after: 'z', limit: 2 })
    expect(first.rooms.map((room) => room.id)).toEqual(['za', 'zb'])
    const rest = await listRooms(redis, { after: first.next ?? '', limit: 2 })
    expect(rest.rooms.map((room) => room.id)).toEqual(['zc'])
    expect(rest.next).toBeUndefined()
  })
})

describe('live', () => {
  test('[RM4 RM6] goes from open over ending to ended; every step may be repeated', async () => {
    await create('live')
    const started = await startLive(redis, { room: 'live', nowMs: NOW })
    expect(started).toMatchObject({ ok: true, live: { state: 'open', startedAtMs: NOW } })
    if (!started.ok) return
    const at = { room: 'live', live: started.live.no, nowMs: NOW + 1000 }
    expect(await startLive(redis, { room: 'live' })).toMatchObject({ code: 'room_open' })
    expect(await finishLive(redis, at)).toMatchObject({ code: 'not_found' })
    for (let i = 0; i < 2; i++)
      expect(await endLive(redis, at)).toMatchObject({ ok: true, live: { state: 'ending' } })
    expect(await startLive(redis, { room: 'live' })).toMatchObject({ code: 'room_open' })
    for (let i = 0; i < 2; i++)
      expect(await finishLive(redis, at)).toMatchObject({ ok: true, live: { state: 'ended' } })
    expect(await endLive(redis, at)).toMatchObject({ ok: true, live: { state: 'ended' } })
    expect(await told('live')).toEqual(['live.ended'])
    const next = await startLive(redis, { room: 'live', nowMs: NOW + 2000 })
    expect(next.ok && next.live.no > started.live.no).toBe(true)
    expect(await endLive(redis, at)).toMatchObject({ code: 'not_found' })
    expect((await getRoom(redis, 'live'))?.live.state).toBe('open')
  })

  test('[RM4] lives of all rooms have different numbers', async () => {
    const numbers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await create(`many-${i}`)
        const started = await startLive(redis, { room: `many-${i}`, nowMs: NOW })
        return started.ok ? started.live.no : 0
      }),
    )
    expect(new Set(numbers).size).toBe(20)
    expect(numbers).not.toContain(0)
  })

  test('[RM1 C41] a room that does not exist is refused and no key is made', async () => {
    expect(await startLive(redis, { room: 'ghost' })).toMatchObject({ code: 'room_not_found' })
    const at = { room: 'ghost', live: 1 }
    expect(await endLive(redis, at)).toMatchObject({ code: 'room_not_found' })
    expect(await finishLive(redis, at)).toMatchObject({ code: 'room_not_found' })
    const spot = await spotlightComment(redis, { room: 'ghost', comment: 1 })
    expect(spot).toMatchObject({ code: 'room_not_found' })
    expect(await setSafe(redis, { room: 'ghost', safe: true })).toMatchObject({
      code: 'room_not_found',
    })
    expect(await redis.keys('ff:{r:ghost}*')).toEqual([])
  })
})

describe('stage', () => {
  test('[RM12] a comment is put on stage once and names its author', async () => {
    await create('stage')
    await startLive(redis, { room: 'stage', nowMs: NOW })
    await comment('stage', 7)
    const spot = () => spotlightComment(redis, { room: 'stage', comment: 7, nowMs: NOW })
    const [first, second] = await Promise.all([spot(), spot()])
    expect(first).toMatchObject({ ok: true, replayed: false, account: 'ann' })
    expect(first.ok && first.comment).toMatchObject({ id: 7, text: '"' })
    expect(second).toMatchObject({ ok: true, replayed: true, account: 'ann' })
    expect(await told('stage')).toEqual(['comment.spotlit'])
    const gone = await spotlightComment(redis, { room: 'stage', comment: 8, nowMs: NOW })
    expect(gone).toMatchObject({ code: 'not_found' })
  })

  test('[RM13] safe mode tells the room when it changes, not when it is set again', async () => {
    await create('safe')
    for (const safe of [true, true, false, false])
      expect(await setSafe(redis, { room: 'safe', safe })).toEqual({ ok: true })
    expect(await told('safe')).toEqual(['stage.safe', 'stage.safe'])
  })
})

describe('moments', () => {
  test('[M1 M5] are numbered without gaps and at most a hundred come in one answer', async () => {
    await create('moments')
    for (let i = 0; i < 120; i++) await setSafe(redis, { room: 'moments', safe: i % 2 === 0 })
    const epoch = (await getRoom(redis, 'moments'))?.epoch ?? ''
    const first = await momentsAfter(redis, { room: 'moments', epoch, seq: 0 })
    expect(first?.seq).toBe(120)
    expect(first?.moments?.map((m) => m.seq)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    const rest = await momentsAfter(redis, { room: 'moments', epoch, seq: 100 })
    expect(rest?.moments).toHaveLength(20)
    expect((await momentsAfter(redis, { room: 'moments', epoch, seq: 120 }))?.moments).toEqual([])
    expect(await momentsAfter(redis, { room: 'nowhere', epoch, seq: 0 })).toBeUndefined()
  })
})
