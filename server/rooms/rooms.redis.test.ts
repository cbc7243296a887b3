import { describe, expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import {
  brandNumber,
  createRoom,
  earningNumber,
  endLive,
  finishLive,
  getRoom,
  likeComment,
  listRooms,
  liveRuns,
  momentsAfter,
  nameIssuers,
  setHost,
  setSafe,
  settleTopComment,
  spotlightComment,
  startLive,
} from './index.ts'

const NOW = 1_800_000_000_000
let redis: Store
useRedis(async (server) => {
  openTestClock()
  redis = await server.connect()
})

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
  })

  test('[RM2] a number that was lost is given to the same one again, and one that is taken to nobody else', async () => {
    const first = await brandNumber(redis, 'lost')
    await redis.hdel('ff:{cfg}:brands', 'lost')
    expect(await brandNumber(redis, 'lost')).toBe(first)
    await redis.hdel('ff:{cfg}:brands', 'lost')
    await redis.hset('ff:{cfg}:brands', 'quicker', first)
    expect(await brandNumber(redis, 'lost')).toBe((first % 65_535) + 1)
  })

  test('[RM2] a room and a host have numbers of their own once points are good only there', async () => {
    const { room } = await create('own')
    expect(room).toMatchObject({ host: '', local: [] })
    for (const pool of ['brand', 'coalition'] as const)
      expect(await earningNumber(redis, room, pool)).toBe(room.brandNo)
    // Without a host the room stands for itself.
    const own = await earningNumber(redis, room, 'host')
    expect(await earningNumber(redis, room, 'room')).toBe(own)
    await setHost(redis, { room: 'own', host: 'mei' })
    const hosted = must(await getRoom(redis, 'own'), 'a room')
    const host = await earningNumber(redis, hosted, 'host')
    expect(new Set([room.brandNo, own, host]).size).toBe(3)
    expect(await getRoom(redis, 'own')).toMatchObject({ local: [own, host] })
    expect(await nameIssuers(redis, [room.brandNo, own, host, 1 + (own % 65_535)])).toEqual({
      [room.brandNo]: { kind: 'brand', brand: 'acme', id: 'acme' },
      [own]: { kind: 'room', brand: 'acme', id: 'own', name: 'Room' },
      [host]: { kind: 'host', brand: 'acme', id: 'mei' },
    })
  })

  test('[RM2] when all numbers are given out a room earns points of its brand, and no brand is added', async () => {
    const { room } = await create('crowded')
    const all = Array.from({ length: 65_535 }, (_, i) => [`filler-${i}`, String(i + 1)])
    await redis.hset('ff:{cfg}:brands', Object.fromEntries(all))
    await expect(brandNumber(redis, 'late')).rejects.toThrow('65,535')
    expect(await earningNumber(redis, room, 'room')).toBe(room.brandNo)
    expect(await brandNumber(redis, 'acme')).toBe(room.brandNo)
    await redis.hdel('ff:{cfg}:brands', ...all.map(([name = '']) => name))
  })

  test('[RM14] the host of a room changes between two lives only', async () => {
    await create('hosted')
    const say = (host: string) => setHost(redis, { room: 'hosted', host })
    expect(await say('mei')).toEqual({ ok: true })
    await startLive(redis, { room: 'hosted' })
    expect(await say('lin')).toMatchObject({ code: 'room_open' })
    expect(await getRoom(redis, 'hosted')).toMatchObject({ host: 'mei' })
    expect(await setHost(redis, { room: 'none', host: 'mei' })).toMatchObject({
      code: 'room_not_found',
    })
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
    expect(await liveRuns(redis, at.live)).toBe(true)
    expect(await liveRuns(redis, at.live + 1)).toBe(false)
    for (let i = 0; i < 2; i++)
      expect(await endLive(redis, at)).toMatchObject({ ok: true, live: { state: 'ending' } })
    expect(await startLive(redis, { room: 'live' })).toMatchObject({
      ...{ code: 'room_ending', retry: 'later', afterMs: 1000 },
    })
    for (let i = 0; i < 2; i++)
      expect(await finishLive(redis, at)).toMatchObject({ ok: true, live: { state: 'ended' } })
    expect(await liveRuns(redis, at.live)).toBe(false)
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

  test('[RM15 000-10] of likes each viewer has one, the author none; the last that is missing makes the bonus due, and each like in the room asks for it until it is paid', async () => {
    await create('liked')
    const live = await startLive(redis, { room: 'liked', nowMs: NOW })
    expect(live).toMatchObject({ ok: true })
    await comment('liked', 7)
    const like = (by: string, of = 7) =>
      likeComment(redis, { room: 'liked', comment: of, by, enough: 2, nowMs: NOW })
    expect(await like('ann')).toMatchObject({ code: 'forbidden' })
    const [first, same] = await Promise.all([like('bob'), like('bob')])
    expect([first, same]).toEqual([
      { ok: true, due: [] },
      { ok: true, due: [] },
    ])
    const due = [{ author: 'ann', comment: 7, live: live.ok ? live.live.no : 0 }]
    expect(await like('cid')).toEqual({ ok: true, due })
    // The gateway of cid died: whoever likes anything in the room brings it.
    await comment('liked', 8)
    for (const of of [7, 8]) expect(await like('dan', of)).toEqual({ ok: true, due })
    expect(await like('dan', 8)).toEqual({ ok: true, due })
    await settleTopComment(redis, { room: 'liked', comment: 7 })
    for (const by of ['eve', 'cid']) expect(await like(by)).toEqual({ ok: true, due: [] })
    expect(await redis.zcount('ff:{r:liked}:liked', 7, 7)).toBe(2)
    expect(await like('bob', 10)).toMatchObject({ code: 'not_found' })
    // With the comment its likes are gone; with the live all are.
    await redis.xtrim('ff:{r:liked}:comments', 'MAXLEN', '0')
    await comment('liked', 9)
    await like('bob', 9)
    expect(await redis.zrange('ff:{r:liked}:liked', '0', '-1')).toEqual(['9:bob'])
    if (live.ok) await endLive(redis, { room: 'liked', live: live.live.no, nowMs: NOW })
    if (live.ok) await finishLive(redis, { room: 'liked', live: live.live.no, nowMs: NOW })
    await startLive(redis, { room: 'liked', nowMs: NOW })
    expect(await redis.exists('ff:{r:liked}:liked')).toBe(0)
  })

  test('[RM13] safe mode tells the room when it changes, not when it is set again', async () => {
    await create('safe')
    for (const safe of [true, true, false, false])
      expect(await setSafe(redis, { room: 'safe', safe })).toEqual({ ok: true })
    expect(await told('safe')).toEqual(['stage.safe', 'stage.safe'])
  })
})

describe('moments', () => {
  test('[M1 M2] are numbered without gaps and at most a hundred come in one answer', async () => {
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
