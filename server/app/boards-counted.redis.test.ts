import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatAccount } from '../../shared/ids.ts'
import { Rulebook, type RulebookInput } from '../../shared/rulebook/schema.ts'
import { countBoards } from '../boards/count.ts'
import { weekKey } from '../boards/keys.ts'
import { COUNTED_MAX } from '../boards/limits.ts'
import { placeScore } from '../boards/week.ts'
import type { Store } from '../redis/index.ts'
import { dies, dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { START_MS } from '../scoring/bench.testing.ts'
import { ZERO } from '../worker/element.ts'
import { BOARD, BoardsStand, startsAtMs, WEEK } from './boards.testing.ts'

let redis: Store
let on: BoardsStand
useRedis(async (server) => {
  redis = await server.connect()
})
async function renew(boards?: RulebookInput['boards']): Promise<void> {
  await on?.clean()
  on = await BoardsStand.begin(redis, boards)
}
beforeEach(() => renew())
afterEach(() => on.clean())

const Doing = fc.record({
  who: fc.integer({ min: 0, max: 5 }),
  what: fc.constantFrom('like', 'like', 'like', 'give', 'take'),
  much: fc.integer({ min: 1, max: 40 }),
})
const runs = Number(process.env.FANFARE_TEST_RUNS ?? 6)

test('[B1 B2 003-21] points of a week are counted once, wherever the process dies and however it is cut into batches', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(Doing, { minLength: 5, maxLength: 25 }),
      fc.array(fc.record({ calls: fc.nat(6), upTo: fc.nat(30) }), { maxLength: 6 }),
      async (doings, deaths) => {
        await renew()
        for (const { who, what, much } of doings) {
          const account = on.people[who] ?? 0
          if (what === 'like') await on.like(account, much)
          else if (what === 'give') await on.give(account, much)
          else await on.take(account, much)
        }
        for (const [index, slot] of on.slots.entries()) {
          const all = await on.journal(index)
          for (const { calls, upTo } of deaths) {
            const { ms, seq } = await on.cursor(slot)
            const consumer = on.consumer(dyingAfter(redis, calls))
            await consumer.open?.({ slot, index }, { ms, seq })
            const left = all.filter(({ id }) => id.ms > ms || (id.ms === ms && id.seq > seq))
            if (left.length > 0)
              await dies(consumer.handle({ slot, index }, left.slice(0, upTo + 1)))
          }
        }
        await on.countAll()
        for (const [account, points] of await on.earned())
          expect(await on.sumOf(account)).toBe(points)
      },
    ),
    { numRuns: runs },
  )
})

test('[B1] of two workers that have a partition at once only one counts', async () => {
  await on.like(on.people[0] ?? 0)
  await on.like(on.people[0] ?? 0)
  const place = on.placeOf(on.people[0] ?? 0)
  const all = await on.journal(place.index)
  const [first, second] = [on.consumer(), on.consumer()]
  for (const one of [first, second]) await one.open?.(place, ZERO)
  await first.handle(place, all.slice(0, 1))
  await expect(Promise.resolve(second.handle(place, all))).rejects.toThrow('by another')
  await first.handle(place, all.slice(1))
  expect(await on.sumOf(on.people[0] ?? 0)).toBe((await on.earned()).get(on.people[0] ?? 0))
})

test('[B2] a board of some actions counts those alone; of nobody that was promised or taken back otherwise', async () => {
  const [ann = 0, ben = 0] = on.people
  await on.like(ann, 7)
  await on.give(ann, 50)
  await on.take(ann, 3)
  await on.give(ben, 9)
  await on.countAll()
  expect(await on.sumOf(ann)).toBe(7 + 50 - 3)
  expect(await on.sumOf(ann, `2.${on.acme}`)).toBe(7)
  expect(await on.sumOf(ben, `2.${on.acme}`)).toBeUndefined()
})

test('[B3] what no rulebook counts leaves nothing behind but the cursor', async () => {
  await renew([])
  await on.like(on.people[0] ?? 0)
  await on.countAll()
  const slots = on.slots
  for (const slot of slots) expect(await redis.keys(`ff:${slot}:week*`)).toEqual([])
  const { slot, index } = on.placeOf(on.people[0] ?? 0)
  const newest = (await on.journal(index)).at(-1)
  expect(await redis.hget(`ff:${slot}:cursors`, 'boards')).toBe(
    `${newest?.id.ms}-${newest?.id.seq}`,
  )
})

test('[B4] equal points: who had them earlier stands before; the maximum keeps the highest', async () => {
  const [slot] = on.slots
  if (!slot) throw new Error('no partition')
  const [ann = 0, ben = 0, cid = 0] = on.people
  await on.give(ben, 40)
  await on.give(ann, 40)
  await on.give(cid, 41)
  await on.take(cid, 1)
  await on.countAll()
  const boards = on.boards()
  await boards.pass()
  const board = await boards.running('week', on.acme)
  expect(board?.places.map(({ handle, points }) => [handle, points])).toEqual(
    [ben, ann, cid].map((account) => [formatAccount(account), 40]),
  )
  // One call that brings more accounts than are kept.
  const journalKey = `ff:${slot}:journal`
  const id = await redis.xadd('ff:{x}:none', '*', 'a', 'b').then(() => '1-1')
  await redis.del(journalKey)
  await redis.xadd(journalKey, id, 'e', 'x')
  await redis.hset(`ff:${slot}:cursors`, 'boards', '0-0')
  const sums = new Map(
    Array.from({ length: COUNTED_MAX + 50 }, (_, i) => [1000 + i, { points: i + 1, second: 5 }]),
  )
  const of = { slot, cursors: `ff:${slot}:cursors`, journal: journalKey, after: '0-0', last: id }
  const what = {
    week: WEEK + 9,
    atMs: START_MS,
    earned: new Map([['1.9', sums]]),
    joined: [],
    redeemed: [],
  }
  expect(await countBoards(redis, of, what)).toEqual({ tag: 'counted' })
  const key = weekKey(slot, WEEK + 9, '1.9')
  expect(await redis.zcard(key)).toBe(COUNTED_MAX)
  expect(await redis.zscore(key, '1049')).toBeNull()
  expect(Number(await redis.zscore(key, '1050'))).toBe(placeScore(51, 5))
})

test('[B2] the week begins on Monday at midnight of the platform', () => {
  expect(new Date(startsAtMs).toISOString()).toBe('2026-04-26T16:00:00.000Z')
  expect(Rulebook.shape.boards.safeParse([BOARD, { ...BOARD, id: 'two' }]).success).toBe(false)
  expect(Rulebook.shape.boards.safeParse([{ ...BOARD, prizes: [5, 9] }]).success).toBe(false)
})

test('[B1] a worker that runs counts, and trims what it has counted', async () => {
  await on.like(on.people[0] ?? 0, 5)
  on.worker.deps.boards = on.boards()
  await on.worker.worker()
  await on.worker.drained()
  expect(await on.sumOf(on.people[0] ?? 0)).toBeGreaterThan(0)
})
