import { beforeEach, expect, test } from 'vitest'
import { newBehaviour } from '../../shared/behaviour.ts'
import { dayBounds } from '../../shared/time.ts'
import { findAccount } from '../identity/index.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { behaviourKey, sizesKey } from '../targeting/keys.ts'
import { packBehaviour } from '../targeting/record.ts'
import { type Bench, createBench, NOW } from './bench.testing.ts'

let store: Store
let bench: Bench
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  bench = await createBench(store)
})

const { day: today } = dayBounds(NOW, 'Asia/Shanghai')

/** A viewer of whom the worker has noted something. */
async function noted(): Promise<number> {
  await bench.ask('/v1/events', { body: { action: 'register', viewer: 'alice' }, key: 'event-001' })
  const identity = { brand: 'acme', kind: 'viewer', id: 'alice' } as const
  const account = must(await findAccount(bench.gate, identity), 'an account')
  const slot = bench.gate.partitions.slotOf(account)
  const behaviour = {
    ...newBehaviour(today - 2),
    watchedSec: 3600,
    lives: 2,
    hours: Array.from({ length: 24 }, (_, hour) => (hour === 20 ? 3600 : 0)),
    rooms: [{ id: 'kitchen', watchedSec: 3600 }],
    segments: [
      { id: 'new', sinceDay: today - 2 },
      { id: 'lurker', sinceDay: today },
      { id: 'gone_from_the_rules', sinceDay: today },
    ],
  }
  await store.set(behaviourKey(slot, account), packBehaviour(behaviour, 1))
  await store.hset(sizesKey(slot), { new: 1, lurker: 1 })
  return account
}

test('[TG11 004-20] segments are told with their size and what follows, and those of a viewer with why', async () => {
  await noted()
  const { body } = await bench.ask('/v1/segments')
  const segments = body.segments as { id: string }[]
  expect(segments.find(({ id }) => id === 'lurker')).toMatchObject({
    size: 1,
    label: { zh: '还没开口的观众', en: 'Has not spoken yet' },
    follows: [],
  })
  expect(segments.find(({ id }) => id === 'away')).toMatchObject({
    who: { zh: '已至少 30 天没来', en: 'away for at least 30 days' },
    follows: [
      { en: 'Welcome-back pack (100 points), given at the next visit, at most once in 30 days' },
      { zh: '进出时 Webhook 通知' },
    ],
  })
  expect(body.offers).toContainEqual(
    expect.objectContaining({
      id: 'speak_up',
      sentence: {
        zh: '打个招呼：「还没开口的观众」本场看满 3 分钟后，10 分钟内评论得 50 积分，每人一次',
        en: 'Say hello: for “Has not spoken yet”: after 3 minutes of this live, a comment within 10 minutes brings 50 points, once a person',
      },
    }),
  )
  expect((await bench.ask('/v1/accounts/alice/segments')).body).toMatchObject({
    segments: [
      { id: 'new', why: { en: 'first seen at most 7 days ago' } },
      {
        id: 'lurker',
        why: {
          zh: '看过至少 2 场直播、累计观看至少 20 分钟、发过 0 条评论',
          en: 'seen at least 2 lives, watched at least 20 minutes and written no comments',
        },
      },
    ],
    figures: { daysSinceFirst: 2, watchedMinutes: 60, lives: 2, comments: 0 },
    hours: [20],
    rooms: [{ id: 'kitchen', watchedMinutes: 60 }],
  })
})

test('[TG11] of whom nothing was seen nothing is said', async () => {
  await bench.ask('/v1/events', { body: { action: 'register', viewer: 'bob' }, key: 'event-001' })
  expect((await bench.ask('/v1/accounts/bob/segments')).body).toEqual({
    ok: true,
    segments: [],
    hours: [],
    rooms: [],
    kinds: [],
  })
  expect(await bench.ask('/v1/accounts/nobody/segments')).toMatchObject({ status: 404 })
})

test('[TG8 A15] erasing a person forgets how they behaved', async () => {
  const account = await noted()
  const slot = bench.gate.partitions.slotOf(account)
  await bench.ask('/v1/accounts/alice', { method: 'DELETE' })
  expect(await store.exists(behaviourKey(slot, account))).toBe(0)
  expect(await store.hgetall(sizesKey(slot))).toMatchObject({ new: '0', lurker: '0' })
})
