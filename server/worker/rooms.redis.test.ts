import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatAccount } from '../../shared/ids.ts'
import type { Moment } from '../../shared/room-state.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { ManualRuntime } from '../../widget/client/testing.ts'
import { createLane, itemOf } from '../../widget/overlay/lane.ts'
import { setProfile } from '../identity/profile.ts'
import { chunks, groupBy, must, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import {
  createRoom,
  endLive,
  getRoom,
  keysOfRoom,
  likeComment,
  listCues,
  owedTopComments,
  startLive,
} from '../rooms/index.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import { claimPlaces, startTask } from '../tasks/index.ts'
import {
  accountKey,
  endedKey,
  holdersKey,
  imbalance,
  listHolders,
  readAccountRecord,
  sumsOfAccount,
  sweepSession,
  totalsKey,
} from '../wallet/index.ts'
import { createEndings } from './endings.ts'
import { cursorsKey } from './keys.ts'
import { sumsOfTotals } from './sums.ts'
import { createStand, likes, type Stand, until } from './worker.testing.ts'

let redis: Store
let stand: Stand
useRedis(async (server) => {
  redis = await server.connect()
})

const ROOM = 'kitchen'
/** Likes pay points of this live only, and growth enough to be promoted. */
const BOOK = {
  earn: PRESETS.live.earn.map((rule) =>
    rule.action === 'like' ? { ...rule, bucket: 'session' as const, growth: 200 } : rule,
  ),
}

beforeEach(async () => {
  await redis.flushall()
  stand = createStand(redis, { partitions: 2, book: BOOK })
  await createRoom(redis, {
    id: ROOM,
    name: 'Kitchen',
    brand: 'demo',
    timeZone: 'Asia/Shanghai',
    nowMs: START_MS,
  })
  const started = await startLive(redis, { room: ROOM, nowMs: START_MS })
  if (!started.ok) throw new Error(started.code)
  stand.bench.room.live = started.live.no
})
afterEach(() => stand.clean())

/** How many are named and counted of each rung, the highest first. */
function countByRung(
  of: readonly { rung: number; names: readonly string[]; others: number }[],
): [number, number][] {
  const sums = new Map<number, number>()
  for (const { rung, names, others } of of)
    sums.set(rung, (sums.get(rung) ?? 0) + names.length + others)
  return [...sums].sort(([a], [b]) => b - a)
}

const slotOf = (account: number) => stand.bench.places.slotOf(account)
const live = () => stand.bench.room.live
const sumsOf = async (account: number) =>
  sumsOfAccount(
    readAccountRecord(
      must(await redis.getBuffer(accountKey(slotOf(account), account)), 'a record'),
    ),
  )
const momentsOf = async (kind: string) =>
  (await redis.xrange(keysOfRoom(ROOM).moments, '-', '+'))
    .map(([, fields]) => JSON.parse(must(fields[3], 'a body')) as { kind: string })
    .filter((moment) => moment.kind === kind)

async function limitedTask(quota: number): Promise<number> {
  const started = await startTask(redis, {
    room: ROOM,
    nowMs: START_MS,
    requestId: 'request-1',
    action: 'like',
    goal: 5,
    points: 100,
    growth: 7,
    seconds: 600,
    quota,
    title: { zh: '先到先得', en: 'First come' },
  })
  if (!started.ok) throw new Error(started.code)
  stand.bench.room.tasks = [started.task]
  return started.task.task
}

describe('tier-ups', () => {
  test('[J12 001-26] the room is told of each once, by name unless the viewer does not want it', async () => {
    const registry = { store: redis, partitions: stand.bench.places, pepper: randomBytes(32) }
    await setProfile(registry, 2, {
      name: '小美',
      optOut: false,
    })
    await setProfile(registry, 4, {
      name: '阿强',
      optOut: true,
    })
    await likes(stand, [2, 4], { seq: 1, units: 10 })
    await stand.worker()
    await stand.drained()
    const told = await momentsOf('tier.reached')
    expect(told).toEqual([
      expect.objectContaining({
        names: ['小美'],
        others: 1,
        handles: [formatAccount(2), formatAccount(4)],
      }),
    ])
    // What a worker that died had not acknowledged is told again.
    await redis.hset(cursorsKey(slotOf(2)), 'moments', '0-0')
    await likes(stand, [2], { seq: 2, units: 1 })
    await stand.drained()
    expect(await momentsOf('tier.reached')).toEqual(told)
  })

  test('[J12 Q5 O8 case 10] 5,000 tier-ups in ten seconds are a handful of lines on the overlay, none lost from the log, and a ranked list for the host', async () => {
    const beganAtMs = performance.now()
    stand.deps.nowMs = () => Math.floor(START_MS + performance.now() - beganAtMs)
    await stand.worker()
    for (let second = 0; second < 10; second++) {
      const accounts = Array.from({ length: 500 }, (_, i) => 2 + 500 * second + i)
      // Every tenth rises higher; a call is of one partition.
      const groups = groupBy(accounts, (account) => `${account % 2} ${account % 10 < 1}`)
      for (const [, all] of groups)
        for (const some of chunks(all, 100)) {
          const units = must(some[0], 'an account') % 10 < 1 ? 10 : 1
          await likes(stand, some, { seq: 1, units, atMs: START_MS + 1000 * second })
        }
      await systemClock.sleep(Math.max(0, beganAtMs + 1000 * (second + 1) - performance.now()))
    }
    await stand.drained(40_000)

    const told = (await momentsOf('tier.reached')) as (Moment & { kind: 'tier.reached' })[]
    expect(told.length).toBeLessThanOrEqual(30)
    expect(countByRung(told)).toEqual([
      [3, 500],
      [2, 4500],
    ])
    const runtime = new ManualRuntime()
    const lane = createLane(runtime)
    const lines = new Set<number>()
    let atMs = START_MS
    for (const moment of told) {
      runtime.advance(Math.max(0, moment.atMs - atMs))
      atMs = Math.max(atMs, moment.atMs)
      const item = itemOf(moment, atMs)
      if (item) lane.push(item)
      lines.add(lane.shown.value?.key ?? 0)
    }
    expect(lines.size).toBeLessThanOrEqual(6)
    const cues = await listCues(redis, ROOM)
    expect(countByRung(cues)).toEqual(countByRung(told))
    const rungs = cues.map(({ rung }) => rung)
    expect(rungs).toEqual([...rungs].sort((a, b) => b - a))
  }, 60_000)

  test('[J12 Q10] where the host approves first, the host alone is told', async () => {
    const { bench } = stand
    bench.book.announcement = 'hostApprove'
    await likes(stand, [2], { seq: 1, units: 10 })
    await stand.worker()
    await stand.drained()
    expect(await momentsOf('tier.reached')).toEqual([])
    expect(await listCues(redis, ROOM)).toMatchObject([{ others: 1 }])
  })

  test('[J12] a tier-up that a crash may take back is not announced', async () => {
    stand.fake.state.durableAtMs = 0
    await likes(stand, [2], { seq: 1, units: 10 })
    await stand.worker()
    await until('the history is written', async () =>
      Boolean(await redis.hget(cursorsKey(slotOf(2)), 'history')),
    )
    await new Promise((resolve) => setTimeout(resolve, 1300))
    expect(await momentsOf('tier.reached')).toEqual([])
  })
})

describe('places', () => {
  const won = async (accounts: readonly number[]) => {
    const paid: number[] = []
    for (const account of accounts)
      if ((await sumsOf(account)).spendable === 100) paid.push(account)
    return paid
  }

  test('[J13 T6 001-25 case 9] of 5,000 who reach the goal in several partitions exactly the 50 that there are places for are paid, by two workers', async () => {
    await limitedTask(50)
    const accounts = Array.from({ length: 5000 }, (_, i) => i + 2)
    await Promise.all([stand.worker(), stand.worker()])
    for (const [, all] of groupBy(accounts, (account) => account % 2))
      for (const some of chunks(all, 100)) await likes(stand, some, { seq: 1 })
    await stand.drained(60_000)
    const audits = await stand.audit()
    expect(audits.flatMap((audit) => audit.problems)).toEqual([])
    // Likes pay session points; a place is 100 spendable ones.
    expect(audits.reduce((sum, { counters }) => sum + counters.spendable, 0)).toBe(5000)
  }, 90_000)

  test('[J14] a crash between the place and the points is finished by the next worker, once', async () => {
    const task = await limitedTask(1)
    // The worker before died after the room had given the place.
    await likes(stand, [2, 4], { seq: 1 })
    const claims = [{ account: formatAccount(4), reachedAtMs: START_MS + 1000 }]
    await claimPlaces(redis, { room: ROOM, task, claims, nowMs: START_MS + 2000 })
    const first = await stand.worker()
    await stand.drained()
    expect(await won([2, 4])).toEqual([4])
    await first.stop()

    for (const slot of stand.bench.places.slots) await redis.hset(cursorsKey(slot), 'claims', '0-0')
    await likes(stand, [2], { seq: 2 })
    await stand.worker()
    await stand.drained()
    expect(await won([2, 4])).toEqual([4])
    expect((await stand.audit()).flatMap((audit) => audit.problems)).toEqual([])
  })

  test('[J14] a claim that comes again after a day, when its id is forgotten, is not paid again', async () => {
    await limitedTask(5)
    await likes(stand, [2], { seq: 1 })
    // Element and cursor stay as if the worker had died before it acknowledged the claim.
    stand.fake.state.durableAtMs = 0
    const first = await stand.worker()
    await until('the place is paid', async () => (await won([2])).length === 1)
    await first.stop()
    await redis.del(...(await redis.keys('ff:*:once:*')))
    await redis.hset(cursorsKey(slotOf(2)), 'claims', '0-0')

    stand.fake.state.durableAtMs = Number.MAX_SAFE_INTEGER
    const { clock } = stand.deps
    stand.deps.clock = { ...clock, now: () => clock.now() + 25 * 3_600_000 }
    await stand.worker()
    await stand.drained()
    expect(await won([2])).toEqual([2])
    expect((await stand.audit()).flatMap((audit) => audit.problems)).toEqual([])
  })

  test('[J15] the points wait until the place is certain where the room lives on another shard', async () => {
    await limitedTask(1)
    Object.assign(stand.fake.shards, {
      count: 2,
      indexOfSlot: (slot: string) => (slot.startsWith('{r:') ? 1 : 0),
    })
    let roomDurable = 0
    Object.assign(stand.fake.shards, { durableAt: () => [Number.MAX_SAFE_INTEGER, roomDurable] })
    await stand.worker()
    await likes(stand, [2], { seq: 1 })
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await won([2])).toEqual([])
    roomDurable = Number.MAX_SAFE_INTEGER
    await until('the place is paid', async () => (await won([2])).length === 1)
  })
})

describe('the end of a live', () => {
  test('[J16 002-31] session points expire, nothing else does, and the sums hold', async () => {
    const worker = await stand.worker()
    await likes(stand, [2, 4, 6], { seq: 1 })
    await likes(stand, [3], { seq: 1 })
    const share = { account: 2, actions: [act(2, 'share')] }
    await stand.bench.score(START_MS + 5000, [share])
    const before = await sumsOf(2)
    expect(before.session).toBeGreaterThan(0)
    expect(before.spendable).toBeGreaterThan(0)

    expect(await worker.endLive(ROOM)).toMatchObject({ ok: true, live: { state: 'ended' } })
    expect(
      await stand.bench.score(START_MS + 6000, [{ account: 2, actions: [act(3, 'like')] }]),
    ).toMatchObject({ answers: [{ status: 'room_ended' }] })
    await until('all is swept', async () => {
      const left = await Promise.all(
        stand.bench.places.slots.map((slot) => redis.scard(holdersKey(slot, live()))),
      )
      return left.every((n) => n === 0)
    })
    expect(await sumsOf(2)).toEqual({ ...before, session: 0, expired: before.session })
    await stand.drained()
    expect((await stand.audit()).flatMap((audit) => audit.problems)).toEqual([])
    expect(await momentsOf('live.ended')).toHaveLength(1)
  })

  test('[J17] the sweep goes on where it stopped, takes nothing twice, and holds at every step', async () => {
    const accounts = Array.from({ length: 900 }, (_, i) => 2 * i + 2)
    for (let at = 0; at < accounts.length; at += 50)
      await likes(stand, accounts.slice(at, at + 50), { seq: 1 })
    const endings = createEndings({ ...stand.deps, clock: stand.deps.clock })
    const answer = await endings.endLive(ROOM)
    expect(answer).toMatchObject({ ok: true, live: { state: 'ended' } })

    const slot = slotOf(2)
    const sweep = { slot, live: live(), journalMax: 20_000, nowMs: START_MS + 60_000 }
    const { holders } = await listHolders(redis, { slot, live: live(), from: '0' })
    const some = holders.slice(0, 200)
    const first = await sweepSession(redis, sweep, some)
    expect(first).toMatchObject({ tag: 'swept', accounts: 200, unreadable: 0 })
    expect(await sweepSession(redis, sweep, some)).toMatchObject({ accounts: 0, points: 0 })
    expect(imbalance(sumsOfTotals(await redis.hgetall(totalsKey(slot))))).toBe(0)
    expect((await stand.audit()).flatMap((audit) => audit.problems)).toEqual([])

    expect(await endings.pass()).toBe(0)
    expect(await redis.scard(holdersKey(slot, live()))).toBe(0)
    const totals = sumsOfTotals(await redis.hgetall(totalsKey(slot)))
    expect(totals).toMatchObject({ session: 0, expired: totals.issued })
    expect((await stand.audit()).flatMap((audit) => audit.problems)).toEqual([])
  })

  test('[J18] a crash at any step of the end is finished by the worker', async () => {
    await likes(stand, [2], { seq: 1 })
    await likes(stand, [3], { seq: 1 })
    // The API answered `ending` and died.
    await endLive(redis, { room: ROOM, live: live(), nowMs: START_MS })
    await stand.worker()
    await until(
      'the live has ended',
      async () => (await getRoom(redis, ROOM))?.live.state === 'ended',
    )
    await until(
      'all is swept',
      async () => (await sumsOf(2)).session + (await sumsOf(3)).session === 0,
    )
    expect(await redis.sismember(endedKey(slotOf(3)), live())).toBe(1)
  })

  test('[J32] who is owed the bonus of a comment is paid before nothing is paid any more; no end waits for it', async () => {
    const { comments } = keysOfRoom(ROOM)
    for (const [comment, author] of [
      [1, 2],
      [2, 3],
    ] as const) {
      const said = ['account', formatAccount(author), 'json', '{}']
      await redis.xadd(comments, `${comment}-0`, ...said)
      // The gateway of the deciding like died.
      await likeComment(redis, { room: ROOM, comment, by: formatAccount(9), enough: 1 })
    }
    const paid: unknown[] = []
    const endings = createEndings({
      ...stand.deps,
      async creditTopComment(top) {
        expect((await getRoom(redis, ROOM))?.live.state).toBe('ending')
        expect(await redis.sismember(endedKey(slotOf(2)), live())).toBe(0)
        if (top.comment === 1) throw new Error('no lease')
        paid.push(top)
      },
    })
    expect(await endings.endLive(ROOM)).toMatchObject({ ok: true, live: { state: 'ended' } })
    const of = { room: ROOM, live: live() }
    expect(paid).toEqual([{ ...of, comment: 2, author: formatAccount(3) }])
    expect(await owedTopComments(redis, of)).toMatchObject([{ comment: 1 }])
  })

  test('[J19] a shard that forgot that a live has ended is told again, and what was earned since is swept', async () => {
    const worker = await stand.worker()
    await likes(stand, [2], { seq: 1 })
    await worker.endLive(ROOM)
    await until('all is swept', async () => (await sumsOf(2)).session === 0)
    // Redis came back without its last second: the live goes on there.
    await redis.srem(endedKey(slotOf(2)), live())
    await likes(stand, [2], { seq: 2 })
    expect((await sumsOf(2)).session).toBeGreaterThan(0)
    stand.fake.crash('second')
    await until('all is swept again', async () => (await sumsOf(2)).session === 0)
    expect(await redis.sismember(endedKey(slotOf(2)), live())).toBe(1)
  })

  test('[J20] a live that has not ended in a partition is not swept there', async () => {
    await likes(stand, [2], { seq: 1 })
    const sweep = { slot: slotOf(2), live: live(), journalMax: 20_000, nowMs: START_MS }
    expect(await sweepSession(redis, sweep, [2])).toEqual({ tag: 'running' })
    expect((await sumsOf(2)).session).toBeGreaterThan(0)
  })
})
