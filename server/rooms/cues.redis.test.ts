import { expect, test } from 'vitest'
import type { Moment } from '../../shared/room-state.ts'
import type { Announcement } from '../../shared/rulebook/announcement.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import {
  announceCue,
  createRoom,
  getRoom,
  greet,
  holdCue,
  listCues,
  momentsAfter,
  skipCue,
  startLive,
  type TierReached,
  tiersReached,
} from './index.ts'

const NOW = 1_800_000_000_000
let redis: Store
useRedis(async (server) => {
  openTestClock()
  redis = await server.connect()
})

let rooms = 0
async function openRoom(): Promise<string> {
  const room = `cues-${++rooms}`
  await createRoom(redis, { id: room, name: room, brand: 'b', timeZone: 'UTC', nowMs: NOW })
  await startLive(redis, { room, nowMs: NOW })
  return room
}
const up = (account: string, rung: number, part: Partial<TierReached> = {}): TierReached => ({
  account,
  ladder: 'cn_5',
  rung,
  promotion: rung,
  handle: account,
  name: `N:${account}`,
  ...part,
})
const reach = (room: string, nowMs: number, ...reached: TierReached[]) =>
  tiersReached(redis, { room, reached, announcement: 'hostCueAndOverlay', nowMs })

async function moments(room: string): Promise<Moment[]> {
  const epoch = (await getRoom(redis, room))?.epoch ?? ''
  return (await momentsAfter(redis, { room, epoch, seq: 0 }))?.moments ?? []
}

test('[Q1 001-26] a tier-up becomes a moment and a cue, once however often it is told', async () => {
  const room = await openRoom()
  const ann = up('ann', 2, { name: '小"美' })
  expect(await reach(room, NOW, ann, ann)).toMatchObject({ ok: true, fresh: 1, moments: [1] })
  expect(await reach(room, NOW + 9000, ann)).toMatchObject({ ok: true, fresh: 0, moments: [] })
  expect(await moments(room)).toEqual([
    {
      seq: 1,
      atMs: NOW,
      kind: 'tier.reached',
      ladder: 'cn_5',
      rung: 2,
      names: ['小"美'],
      handles: ['ann'],
      others: 0,
    },
  ])
  const cues = await listCues(redis, room)
  expect(cues).toEqual([
    { id: 'c1', ladder: 'cn_5', rung: 2, names: ['小"美'], others: 0, sinceMs: NOW, held: false },
  ])
  expect(await reach(room, NOW + 10_000, { ...ann, promotion: 9 })).toMatchObject({ fresh: 1 })
})

test('[Q2] one moment per ladder and rung and call, with three names and twenty handles', async () => {
  const room = await openRoom()
  const crowd = Array.from({ length: 30 }, (_, i) => up(`a${i}`, 1))
  await reach(room, NOW, ...crowd, up('bob', 2), up('bob', 2, { ladder: 'fans' }))
  const [silver, ...rest] = await moments(room)
  expect(silver).toMatchObject({ names: ['N:a0', 'N:a1', 'N:a2'], others: 27 })
  expect(silver?.kind === 'tier.reached' && silver.handles).toHaveLength(20)
  expect(rest).toHaveLength(2)
})

test('[Q3] who does not want to be named is counted', async () => {
  const room = await openRoom()
  const { name: _, ...nameless } = up('shy', 1)
  await reach(room, NOW, nameless, up('ann', 1))
  expect((await moments(room))[0]).toMatchObject({ names: ['N:ann'], others: 1 })
  expect((await listCues(redis, room))[0]).toMatchObject({ names: ['N:ann'], others: 1 })
})

test('[Q4] cues of a rung within two seconds of one another are one; held ones take in no more', async () => {
  const room = await openRoom()
  await reach(room, NOW, up('a', 1))
  await reach(room, NOW + 2000, up('b', 1))
  await reach(room, NOW + 4000, up('c', 1), up('d', 1))
  await reach(room, NOW + 6001, up('e', 1))
  const cues = await listCues(redis, room)
  expect(cues.map((cue) => [cue.names.length, cue.others, cue.sinceMs - NOW])).toEqual([
    [3, 1, 0],
    [1, 0, 6001],
  ])
  await holdCue(redis, { room, cue: cues[1]?.id ?? '', nowMs: NOW + 6100 })
  await reach(room, NOW + 6200, up('f', 1))
  expect(await listCues(redis, room)).toHaveLength(3)
})

test('[Q5 001-39] the queue has the higher rung first, then who waits longest; held cues last', async () => {
  const room = await openRoom()
  const order = async () => (await listCues(redis, room)).map((cue) => cue.names[0])
  await reach(room, NOW, up('bronze', 1))
  await reach(room, NOW + 3000, up('gold', 3))
  await reach(room, NOW + 6000, up('bronze2', 1))
  await reach(room, NOW + 9000, up('silver', 2))
  expect(await order()).toEqual(['N:gold', 'N:silver', 'N:bronze', 'N:bronze2'])
  const gold = (await listCues(redis, room))[0]?.id ?? ''
  expect(await holdCue(redis, { room, cue: gold, nowMs: NOW + 9100 })).toEqual({ ok: true })
  expect(await order()).toEqual(['N:silver', 'N:bronze', 'N:bronze2', 'N:gold'])
  expect((await listCues(redis, room)).at(-1)?.held).toBe(true)
  const silver = (await listCues(redis, room))[0]?.id ?? ''
  expect(await skipCue(redis, { room, cue: silver })).toEqual({ ok: true })
  expect(await skipCue(redis, { room, cue: silver })).toMatchObject({ code: 'cue_gone' })
  expect(await order()).toEqual(['N:bronze', 'N:bronze2', 'N:gold'])
})

test('[Q6] a cue is announced once, whoever presses first', async () => {
  const room = await openRoom()
  await reach(room, NOW, up('ann', 2))
  const cue = (await listCues(redis, room))[0]?.id ?? ''
  const announce = () => announceCue(redis, { room, cue, text: '恭喜 "Ann"', nowMs: NOW + 500 })
  const answers = await Promise.all([announce(), announce(), announce()])
  expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
  expect(await listCues(redis, room)).toEqual([])
  expect((await moments(room)).slice(1)).toEqual([
    {
      seq: 2,
      atMs: NOW + 500,
      kind: 'tier.announced',
      ladder: 'cn_5',
      rung: 2,
      names: ['N:ann'],
      others: 0,
      text: '恭喜 "Ann"',
    },
  ])
})

test('[Q10] the rulebook says who tells the room: `auto` asks no host, `hostApprove` tells nothing that the host has not announced', async () => {
  const told = async (announcement: Announcement) => {
    const room = await openRoom()
    const reached = [up('ann', 2), up('ben', 1)]
    const first = await tiersReached(redis, { room, reached, announcement, nowMs: NOW })
    expect(first).toMatchObject({ ok: true, fresh: 2 })
    const again = { room, reached, announcement, nowMs: NOW + 9000 }
    expect(await tiersReached(redis, again)).toMatchObject({ fresh: 0, moments: [] })
    return { room, kinds: (await moments(room)).map(({ kind }) => kind) }
  }
  const auto = await told('auto')
  expect(auto.kinds).toEqual(['tier.reached', 'tier.reached'])
  expect(await listCues(redis, auto.room)).toEqual([])

  const { room, kinds } = await told('hostApprove')
  expect(kinds).toEqual([])
  const [gold, silver] = await listCues(redis, room)
  const cue = { room, nowMs: NOW + 500 }
  expect(await announceCue(redis, { ...cue, cue: gold?.id ?? '', text: '恭喜' })).toEqual({
    ok: true,
  })
  expect(await skipCue(redis, { ...cue, cue: silver?.id ?? '' })).toEqual({ ok: true })
  expect(await moments(room)).toMatchObject([{ kind: 'tier.announced', names: ['N:ann'] }])
})

test('[Q7] a hundred cues wait at most; the lowest ranked fall off', async () => {
  const room = await openRoom()
  for (let i = 0; i < 120; i++) await reach(room, NOW + 3000 * i, up(`a${i}`, i < 60 ? 1 : 2))
  expect(await redis.hlen(`ff:{r:${room}}:cues`)).toBe(100)
  expect(await redis.zcard(`ff:{r:${room}}:queue`)).toBe(100)
  const cues = await listCues(redis, room)
  expect(cues).toHaveLength(20)
  expect(cues[0]).toMatchObject({ rung: 2, names: ['N:a60'] })
})

test('[Q8 case 10] 5,000 tier-ups in ten seconds are a handful of moments and one cue per rung', async () => {
  const room = await openRoom()
  const crowd = Array.from({ length: 5000 }, (_, i) => up(`a${i}`, i % 10 === 0 ? 2 : 1))
  for (let second = 0; second < 10; second += 2) {
    const part = crowd.slice(second * 500, (second + 2) * 500)
    await reach(room, NOW + second * 1000, ...part)
    // The worker's journal group delivers again what it did not acknowledge.
    await reach(room, NOW + second * 1000 + 100, ...part.slice(0, 300))
  }
  const written = await moments(room)
  expect(written).toHaveLength(10)
  let counted = 0
  for (const moment of written)
    if (moment.kind === 'tier.reached') counted += moment.names.length + moment.others
  expect(counted).toBe(5000)
  const cues = await listCues(redis, room)
  expect(cues.map((cue) => [cue.rung, cue.names.length + cue.others])).toEqual([
    [2, 500],
    [1, 4500],
  ])
})

test('[Q9 004-08] who comes in with a high rung makes one cue to greet them, once in a live, and nothing is announced', async () => {
  const room = await openRoom()
  const guest = (handle: string, name = handle) => ({ handle, rung: 4, name })
  const come = (nowMs: number, ...guests: ReturnType<typeof guest>[]) =>
    greet(redis, { room, ladder: 'cn_5', guests, nowMs })
  expect(await come(NOW, guest('mei', '小"美'), guest('ben', ''), guest('mei'))).toBe(2)
  expect(await come(NOW + 1000, guest('ann'), guest('mei'))).toBe(1)
  expect(await come(NOW + 60_000, guest('ann'), guest('ben'))).toBe(0)
  // A tier-up of the same rung is another cue.
  await reach(room, NOW + 1500, up('zoe', 4))
  const cues = await listCues(redis, room)
  expect(cues).toMatchObject([
    { ladder: 'cn_5', rung: 4, names: ['小"美', 'ann'], others: 1, greets: true },
    { ladder: 'cn_5', rung: 4, names: ['N:zoe'] },
  ])
  expect(cues[1]).not.toHaveProperty('greets')
  const before = await moments(room)
  const said = { room, cue: cues[0]?.id ?? '', text: '', nowMs: NOW + 2000 }
  expect(await announceCue(redis, said)).toEqual({ ok: true })
  expect(await announceCue(redis, said)).toMatchObject({ code: 'cue_gone' })
  expect(await moments(room)).toEqual(before)
})

test('[Q9 004-08] a thousand guests are a handful of cues, and a greeting that waited too long goes when the next comes', async () => {
  const room = await openRoom()
  for (let i = 0; i < 5; i++) {
    const guests = Array.from({ length: 200 }, (_, n) => ({
      handle: `g${i}-${n}`,
      rung: 3 + (n % 2),
      name: `G${n}`,
    }))
    expect(await greet(redis, { room, ladder: 'cn_5', guests, nowMs: NOW + i * 100 })).toBe(200)
  }
  const cues = await listCues(redis, room)
  expect(cues.map(({ rung, names, others }) => [rung, names.length + others])).toEqual([
    [4, 500],
    [3, 500],
  ])
  const late = [{ handle: 'late', rung: 4, name: 'late' }]
  await greet(redis, { room, ladder: 'cn_5', guests: late, nowMs: NOW + 400_000 })
  expect(await listCues(redis, room)).toMatchObject([{ names: ['late'], others: 0 }])
})
