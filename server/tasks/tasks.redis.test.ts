import { expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import type { TestRedis } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createRoom, endLive, getRoom, momentsAfter, startLive } from '../rooms/index.ts'
import { claimPlaces, endCampaign, endTask, type Place, startCampaign, startTask } from './index.ts'

const NOW = 1_800_000_000_000
let server: TestRedis
let redis: Store
useRedis(async (started) => {
  server = started
  openTestClock()
  redis = await started.connect()
})

let rooms = 0
async function openRoom(): Promise<{ room: string; live: number }> {
  const room = `tasks-${++rooms}`
  await createRoom(redis, { id: room, name: room, brand: 'b', timeZone: 'UTC', nowMs: NOW })
  const started = await startLive(redis, { room, nowMs: NOW })
  if (!started.ok) throw new Error(started.code)
  return { room, live: started.live.no }
}

const task = {
  requestId: 'request-1',
  action: 'share',
  goal: 1,
  points: 100,
  growth: 0,
  seconds: 600,
  title: { zh: '最后10分钟', en: 'Last 10 minutes' },
} as const
const campaign = {
  requestId: 'request-1',
  action: 'share',
  factor: 2,
  seconds: 600,
  title: { zh: '双倍', en: 'Double' },
} as const

async function begin(room: string, part: { quota?: number; requestId?: string } = {}) {
  const started = await startTask(redis, { room, nowMs: NOW, ...task, ...part })
  if (!started.ok) throw new Error(started.code)
  return started.task
}
async function kinds(room: string): Promise<string[]> {
  const epoch = (await getRoom(redis, room))?.epoch ?? ''
  return ((await momentsAfter(redis, { room, epoch, seq: 0 }))?.moments ?? []).map((m) => m.kind)
}
const ranksOf = (places: Place[]) => places.map((p) => (p.state === 'won' ? p.rank : p.state))
async function claim(
  room: string,
  number: number,
  part: { accounts: string[]; reachedAtMs: number; nowMs: number },
) {
  const claims = part.accounts.map((account) => ({ account, reachedAtMs: part.reachedAtMs }))
  const answer = await claimPlaces(redis, { room, task: number, claims, nowMs: part.nowMs })
  if (!answer.ok) throw new Error(answer.code)
  return ranksOf(answer.places)
}

test('[T1 001-27] a task starts by the clock of its room and the room is told in the same step', async () => {
  const { room } = await openRoom()
  const started = await startTask(redis, { room, nowMs: NOW, ...task, quota: 50 })
  const view = {
    task: 1,
    action: 'share',
    goal: 1,
    points: 100,
    growth: 0,
    title: task.title,
    startsAtMs: NOW,
    endsAtMs: NOW + 600_000,
    quota: 50,
  }
  expect(started).toEqual({ ok: true, task: { ...view, left: 50 } })
  const epoch = must(await getRoom(redis, room), 'the room').epoch
  const read = await momentsAfter(redis, { room, epoch, seq: 0 })
  expect(read?.moments).toEqual([{ seq: 1, atMs: NOW, kind: 'task.started', task: view }])
})

test('[T2] the same request starts once; with another input it is id_conflict', async () => {
  const { room } = await openRoom()
  const request = { room, nowMs: NOW, ...task }
  const answers = await Promise.all([1, 2, 3].map(() => startTask(redis, request)))
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  expect(await startTask(redis, { ...request, points: 101 })).toMatchObject({
    code: 'id_conflict',
  })
  expect(await startTask(redis, { ...request, seconds: 60 })).toMatchObject({
    code: 'id_conflict',
  })
  expect(await startCampaign(redis, { room, nowMs: NOW, ...campaign })).toMatchObject({
    code: 'id_conflict',
  })
  expect(await kinds(room)).toEqual(['task.started'])
  expect(await redis.pttl(`ff:{r:${room}}:once:request-1`)).toBeGreaterThan(86_000_000)
})

test('[T3] eight tasks and four campaigns run at once; ended ones make room', async () => {
  const { room } = await openRoom()
  for (let i = 0; i < 8; i++) await begin(room, { requestId: `task-000${i}` })
  for (let i = 0; i < 4; i++)
    await startCampaign(redis, { room, nowMs: NOW, ...campaign, requestId: `camp-000${i}` })
  const ninth = { room, nowMs: NOW, ...task, requestId: 'task-ninth' }
  expect(await startTask(redis, ninth)).toMatchObject({ code: 'room_full' })
  const fifth = { room, nowMs: NOW, ...campaign, requestId: 'camp-fifth' }
  expect(await startCampaign(redis, fifth)).toMatchObject({ code: 'room_full' })
  expect(await endTask(redis, { room, task: 3, nowMs: NOW + 1000 })).toEqual({ ok: true })
  expect(await startTask(redis, ninth)).toMatchObject({ ok: true, task: { task: 13 } })
  // Twelve minutes later all are over by themselves, and starting another says so.
  const later = { ...fifth, nowMs: NOW + 720_000 }
  expect(await startCampaign(redis, later)).toMatchObject({ ok: true })
  const told = await kinds(room)
  expect(told.filter((kind) => kind === 'task.ended')).toHaveLength(9)
  expect(told.filter((kind) => kind === 'campaign.ended')).toHaveLength(4)
})

test('[T4] nothing starts in a room without an open live', async () => {
  const { room, live } = await openRoom()
  await endLive(redis, { room, live, nowMs: NOW })
  expect(await startTask(redis, { room, nowMs: NOW, ...task })).toMatchObject({
    code: 'room_ended',
  })
  const ghost = { room: 'ghost', nowMs: NOW, ...task }
  expect(await startTask(redis, ghost)).toMatchObject({ code: 'room_not_found' })
  expect(await redis.keys('ff:{r:ghost}*')).toEqual([])
})

test('[T5] ending happens once and is told once', async () => {
  const { room } = await openRoom()
  const { task: number } = await begin(room)
  const ended = await Promise.all([1, 2].map(() => endTask(redis, { room, task: number })))
  expect(ended).toEqual([{ ok: true }, expect.objectContaining({ code: 'task_closed' })])
  const started = await startCampaign(redis, { room, ...campaign, requestId: 'campaign-1' })
  const { campaign: no } = started.ok ? started.campaign : { campaign: 0 }
  expect(await endTask(redis, { room, task: no })).toMatchObject({ code: 'task_closed' })
  expect(await endCampaign(redis, { room, campaign: no })).toEqual({ ok: true })
  expect(await endCampaign(redis, { room, campaign: no })).toMatchObject({ code: 'not_found' })
  expect(await kinds(room)).toEqual([
    'task.started',
    'task.ended',
    'campaign.started',
    'campaign.ended',
  ])
})

test('[T6 case 9 001-25] 5,000 claims on 50 places over several connections: 50 winners, ranks 1 to 50', async () => {
  const { room } = await openRoom()
  const { task: number } = await begin(room, { quota: 50 })
  const stores = await Promise.all([1, 2, 3, 4].map(() => server.connect()))
  const at = { room, task: number, nowMs: NOW + 1000 }
  const one = async (i: number) => {
    const claims = [{ account: `a${i}`, reachedAtMs: NOW + 900 }]
    const answer = await claimPlaces(stores[i % 4] ?? redis, { ...at, claims })
    return must(answer.ok ? ranksOf(answer.places)[0] : undefined, 'a place')
  }
  const all = Array.from({ length: 5000 }, (_, i) => i)
  const ranks = await Promise.all(all.map(one))
  const won = ranks.filter((rank): rank is number => typeof rank === 'number')
  expect(won.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  expect(ranks.filter((rank) => rank === 'full')).toHaveLength(4950)
  expect(await Promise.all(all.slice(0, 500).map(one))).toEqual(ranks.slice(0, 500))
  const accounts = all.slice(0, 100).map((i) => `a${i}`)
  const batch = { accounts, reachedAtMs: NOW + 900, nowMs: NOW + 2000 }
  expect(await claim(room, number, batch)).toEqual(ranks.slice(0, 100))
})

test('[T6] a batch gives ranks in order and an account that stands twice one place', async () => {
  const { room } = await openRoom()
  const { task: number } = await begin(room, { quota: 2 })
  const batch = { accounts: ['a', 'b', 'a', 'c'], reachedAtMs: NOW + 5, nowMs: NOW + 10 }
  expect(await claim(room, number, batch)).toEqual([1, 2, 1, 'full'])
  const open = await begin(room, { requestId: 'request-2' })
  expect(await claim(room, open.task, batch)).toEqual([1, 2, 1, 3])
})

test('[T7 C47] reached one ms before the end counts, one after does not, whenever the gateways thought it was', async () => {
  const { room } = await openRoom()
  const { task: number, endsAtMs } = await begin(room, { quota: 50 })
  const at = (nowMs: number, reachedAtMs: number, account: string) =>
    claim(room, number, { accounts: [account], reachedAtMs, nowMs })
  expect(await at(endsAtMs + 3000, endsAtMs - 1, 'before')).toEqual([1])
  expect(await at(endsAtMs + 3000, endsAtMs, 'then')).toEqual([2])
  expect(await at(endsAtMs + 3000, endsAtMs + 1, 'after')).toEqual(['closed'])
  expect(await at(endsAtMs + 120_000, endsAtMs - 1, 'late')).toEqual([3])
  expect(await at(endsAtMs + 120_001, endsAtMs - 1, 'too-late')).toEqual(['closed'])
  expect(await at(endsAtMs + 900_000, endsAtMs - 1, 'before')).toEqual([1])
})

test('[T7] a task that the host ended takes claims reached before, for two minutes', async () => {
  const { room } = await openRoom()
  const { task: number } = await begin(room, { quota: 50 })
  await endTask(redis, { room, task: number, nowMs: NOW + 10_000 })
  const at = (nowMs: number, reachedAtMs: number, account: string) =>
    claim(room, number, { accounts: [account], reachedAtMs, nowMs })
  expect(await at(NOW + 12_000, NOW + 10_000, 'a')).toEqual([1])
  expect(await at(NOW + 12_000, NOW + 10_001, 'b')).toEqual(['closed'])
  expect(await at(NOW + 130_001, NOW + 9000, 'c')).toEqual(['closed'])
  expect(await claim(room, 99, { accounts: ['a'], reachedAtMs: NOW, nowMs: NOW })).toEqual([
    'closed',
  ])
})
