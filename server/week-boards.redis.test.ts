import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatAccount } from '../shared/ids.ts'
import type { RulebookInput } from '../shared/rulebook/schema.ts'
import { Rulebook } from '../shared/rulebook/schema.ts'
import { DAY_MS, HOUR_MS } from '../shared/time.ts'
import { composeBoards } from './app/boards.ts'
import { countBoards } from './boards/count.ts'
import type { Boards } from './boards/index.ts'
import { dueKey, weekKey } from './boards/keys.ts'
import { COUNTED_MAX } from './boards/limits.ts'
import { listRedeemed } from './boards/redeemed.ts'
import { placeScore, pointsOf, weekAt, weekBounds } from './boards/week.ts'
import { resolveAccount } from './identity/index.ts'
import { setProfile } from './identity/profile.ts'
import { systemClock } from './kernel/index.ts'
import { mergedFromKey, mergedIntoKey } from './merges/keys.ts'
import type { Store } from './redis/index.ts'
import { Died, dyingAfter } from './redis/testing.ts'
import { useRedis } from './redis/use-redis.testing.ts'
import { brandNumber } from './rooms/index.ts'
import { act, START_MS } from './scoring/bench.testing.ts'
import { readJournal } from './scoring/index.ts'
import { boardsConsumer } from './worker/boards/consumer.ts'
import { type JournalElement, ZERO } from './worker/element.ts'
import { readAfter } from './worker/journal.ts'
import { plainReading } from './worker/reading.ts'
import { createStand, type Stand, silent } from './worker/worker.testing.ts'

const ZONE = 'Asia/Shanghai'
const WEEK = weekAt(START_MS, ZONE)
const { startsAtMs, endsAtMs } = weekBounds(WEEK, ZONE)
const PEPPER = Buffer.alloc(32, 'pepper')

const STARS = { zh: '互动之星', en: 'Star of the week' }
const BOARD = {
  id: 'week',
  no: 1,
  title: { zh: '周榜', en: 'This week' },
  places: 5,
  prizes: [100, 60, 30],
  star: { title: STARS, places: 1, days: 7 },
}
const LIKES = {
  ...BOARD,
  id: 'likes',
  no: 2,
  actions: ['like' as const],
  prizes: [],
  star: undefined,
}

const NONE = { viewsOf: async () => [] }

let redis: Store
let stand: Stand
let nowMs = START_MS
let acme = 0
/** Six people of one brand. */
let people: number[] = []
useRedis(async (server) => {
  redis = await server.connect()
})

async function begin(boards: NonNullable<RulebookInput['boards']>) {
  await redis.flushall()
  await stand?.clean()
  nowMs = START_MS
  stand = createStand(redis, { book: { boards, dailyPoints: 1_000_000 } })
  stand.deps.nowMs = () => nowMs
  acme = await brandNumber(redis, 'acme')
  stand.bench.room.issuer = acme
  people = []
  for (let i = 0; i < 6; i++) people.push(await join(`u${i}`))
}

const registry = () => ({ store: redis, pepper: PEPPER, partitions: stand.bench.places })
async function join(id: string, optOut = false): Promise<number> {
  const account = await resolveAccount(registry(), { brand: 'acme', kind: 'viewer', id })
  await setProfile(registry(), account, { name: `Name ${id}`, optOut })
  return account
}

const boardsOn = (store: Store = redis): Boards =>
  composeBoards({
    core: { ...stand.deps, store, log: silent, gate: { ...registry(), store } },
    wallets: stand.deps.wallets,
    redemptions: NONE,
    nowMs: () => nowMs,
  })

let seq = 0
const like = async (account: number, units = 5) => {
  nowMs += 2000
  const actions = [act(++seq, 'like', { units })]
  const session = { startMs: START_MS + seq, nonce: 1 }
  const reply = await stand.bench.score(nowMs, [
    { account, session, actions: actions.map((a) => ({ ...a, seq: 1 })) },
  ])
  expect(reply.tag).toBe('scored')
}
const give = (account: number, points: number) => {
  nowMs += 1000
  return stand.deps.wallets.issue({
    ...{ account, id: `give-${++seq}-00`, cause: 'adjusted', at: acme },
    lots: [{ issuer: acme, points }],
  })
}
const take = (account: number, points: number) => {
  nowMs += 1000
  return stand.deps.wallets.take({ account, id: `take-${++seq}-00`, points, partial: true })
}

const placeOf = (account: number) => {
  const slot = stand.bench.places.slotOf(account)
  return { slot, index: stand.bench.places.slots.indexOf(slot) }
}
const journal = (index: number): Promise<JournalElement[]> => {
  const slot = stand.bench.places.slots[index]
  if (!slot) throw new Error('no such partition')
  return readAfter(redis, slot, { after: ZERO, limit: 5000 })
}
const consumerOn = (store: Store = redis) =>
  boardsConsumer({
    ...stand.deps,
    store,
    boards: boardsOn(store),
    roomOf: async () => 'kitchen',
    reading: plainReading,
  })

/** All of both journals, by consumers that are not stopped. */
async function countAll() {
  for (const [index, slot] of stand.bench.places.slots.entries()) {
    const consumer = consumerOn()
    const at = (await redis.hget(`ff:${slot}:cursors`, 'boards')) ?? '0-0'
    const [ms = 0, no = 0] = at.split('-').map(Number)
    await consumer.open?.({ slot, index }, { ms, seq: no })
    const left = await readAfter(redis, slot, { after: { ms, seq: no }, limit: 5000 })
    if (left.length > 0) expect(await consumer.handle({ slot, index }, left)).toBe(left.length)
  }
}

const sumOf = async (account: number, board = `1.${acme}`) => {
  const { slot } = placeOf(account)
  const score = await redis.zscore(weekKey(slot, WEEK, board), String(account))
  return score === null ? undefined : pointsOf(Number(score))
}

/** What the journal says each account earned, with nothing of what counts it. */
async function earned(): Promise<Map<number, number>> {
  const sums = new Map<number, number>()
  for (const index of stand.bench.places.slots.keys())
    for (const { bytes } of await journal(index)) {
      const { entries, ledger } = readJournal(bytes)
      for (const { account, receipts } of entries)
        for (const { points } of receipts) sums.set(account, (sums.get(account) ?? 0) + points)
      for (const { account, moves } of ledger)
        for (const { from, to, points } of moves) {
          const by = from === 'issued' ? points : to === 'revoked' ? -points : 0
          sums.set(account, (sums.get(account) ?? 0) + by)
        }
    }
  return sums
}

beforeEach(() => begin([BOARD, LIKES]))
afterEach(() => stand.clean())

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
        await begin([BOARD, LIKES])
        for (const { who, what, much } of doings) {
          const account = people[who] ?? 0
          if (what === 'like') await like(account, much)
          else if (what === 'give') await give(account, much)
          else await take(account, much)
        }
        for (const [index, slot] of stand.bench.places.slots.entries()) {
          const all = await journal(index)
          for (const { calls, upTo } of deaths) {
            const at = (await redis.hget(`ff:${slot}:cursors`, 'boards')) ?? '0-0'
            const [ms = 0, no = 0] = at.split('-').map(Number)
            const consumer = consumerOn(dyingAfter(redis, calls))
            await consumer.open?.({ slot, index }, { ms, seq: no })
            const left = all.filter(({ id }) => id.ms > ms || (id.ms === ms && id.seq > no))
            if (left.length > 0)
              await consumer
                .handle({ slot, index }, left.slice(0, upTo + 1))
                .catch((e: unknown) => {
                  if (!(e instanceof Died)) throw e
                })
          }
        }
        await countAll()
        for (const [account, points] of await earned()) expect(await sumOf(account)).toBe(points)
      },
    ),
    { numRuns: runs },
  )
})

test('[B1] of two workers that have a partition at once only one counts', async () => {
  await like(people[0] ?? 0)
  await like(people[0] ?? 0)
  const place = placeOf(people[0] ?? 0)
  const all = await journal(place.index)
  const [first, second] = [consumerOn(), consumerOn()]
  for (const one of [first, second]) await one.open?.(place, ZERO)
  await first.handle(place, all.slice(0, 1))
  await expect(Promise.resolve(second.handle(place, all))).rejects.toThrow('by another')
  await first.handle(place, all.slice(1))
  expect(await sumOf(people[0] ?? 0)).toBe((await earned()).get(people[0] ?? 0))
})

test('[B2] a board of some actions counts those alone; of nobody that was promised or taken back otherwise', async () => {
  const [ann = 0, ben = 0] = people
  await like(ann, 7)
  await give(ann, 50)
  await take(ann, 3)
  await give(ben, 9)
  await countAll()
  expect(await sumOf(ann)).toBe(7 + 50 - 3)
  expect(await sumOf(ann, `2.${acme}`)).toBe(7)
  expect(await sumOf(ben, `2.${acme}`)).toBeUndefined()
})

test('[B3] what no rulebook counts leaves nothing behind but the cursor', async () => {
  await begin([])
  await like(people[0] ?? 0)
  await countAll()
  const slots = stand.bench.places.slots
  for (const slot of slots) expect(await redis.keys(`ff:${slot}:week*`)).toEqual([])
  const { slot, index } = placeOf(people[0] ?? 0)
  const newest = (await journal(index)).at(-1)
  expect(await redis.hget(`ff:${slot}:cursors`, 'boards')).toBe(
    `${newest?.id.ms}-${newest?.id.seq}`,
  )
})

test('[B4] equal points: who had them earlier stands before; the maximum keeps the highest', async () => {
  const [slot] = stand.bench.places.slots
  if (!slot) throw new Error('no partition')
  const [ann = 0, ben = 0, cid = 0] = people
  await give(ben, 40)
  await give(ann, 40)
  await give(cid, 41)
  await take(cid, 1)
  await countAll()
  const boards = boardsOn()
  await boards.pass()
  const board = await boards.running('week', acme)
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

/** Scores of the week, over whose end is looked back. */
async function week() {
  const [ann = 0, ben = 0, cid = 0, dan = 0, eve = 0] = people
  await give(ann, 500)
  await give(ben, 400)
  await give(cid, 400)
  await give(dan, 900)
  await give(eve, 10)
  await stand.deps.wallets.freeze({ account: dan, id: 'freeze-dan', freeze: true, by: 'segments' })
  await countAll()
  return { ann, ben, cid, dan, eve }
}
const spendable = async (account: number): Promise<number> =>
  (await stand.deps.wallets.readRecord(account)).wallet.lots.reduce((n, lot) => n + lot.points, 0)

test('[B5 B6 B7 B11 003-21 004-19] when the week is over its first are paid by rank, once, whichever call is the last of the process', async () => {
  const { ann, ben, cid, dan, eve } = await week()
  const before = new Map<number, number>()
  for (const account of people) before.set(account, await spendable(account))
  nowMs = endsAtMs + 60_000
  await boardsOn().pass()
  expect(await boardsOn().closed(WEEK, acme)).toEqual([])
  nowMs = endsAtMs + HOUR_MS
  let died = 0
  for (let calls = 0; ; calls++) {
    const end = await boardsOn(dyingAfter(redis, calls))
      .pass()
      .catch((error: unknown) => {
        if (!(error instanceof Died)) throw error
        died++
        return error
      })
    if (!end) break
  }
  expect(died).toBeGreaterThan(10)
  await boardsOn().pass()
  await Promise.all([boardsOn().pass(), boardsOn().pass()])
  const got = async (account: number) => (await spendable(account)) - (before.get(account) ?? 0)
  expect(await Promise.all([ann, ben, cid, dan, eve].map(got))).toEqual([100, 60, 30, 0, 0])
  expect(await redis.hlen(dueKey)).toBe(0)
  const [closed] = await boardsOn().closed(WEEK, acme)
  expect(closed).toMatchObject({ closed: true, people: 5 })
  expect(closed?.places.map(({ name, points, prize }) => [name, points, prize])).toEqual([
    ['Name u0', 500, 100],
    ['Name u1', 400, 60],
    ['Name u2', 400, 30],
    ['Name u4', 10, undefined],
  ])
  expect([...(await boardsOn().stars())]).toEqual([
    [ann, { title: STARS, untilMs: endsAtMs + 7 * DAY_MS }],
  ])
  nowMs = endsAtMs + 8 * DAY_MS
  expect((await boardsOn().stars()).size).toBe(0)
  // Prizes are not earned: none of them is on a board.
  await countAll()
  expect(await sumOf(ann)).toBe(500)
})

test('[B5] what stands when a board is closed stands: who is frozen afterwards keeps the place, and nobody moves up', async () => {
  const { ann, ben, cid } = await week()
  nowMs = endsAtMs + HOUR_MS
  await boardsOn().pass()
  await boardsOn().pass()
  const before = await Promise.all([ben, cid].map(spendable))
  await stand.deps.wallets.freeze({ account: ann, id: 'freeze-ann', freeze: true, by: 'ops' })
  // As if the process had died before it noted that the week is closed.
  await redis.del('ff:{cfg}:boards-week')
  await countAll()
  await boardsOn().pass()
  await boardsOn().pass()
  expect(await Promise.all([ben, cid].map(spendable))).toEqual(before)
  const [closed] = await boardsOn().closed(WEEK, acme)
  expect(closed?.places.map(({ handle }) => handle).slice(0, 3)).toEqual(
    [ann, ben, cid].map(formatAccount),
  )
})

test('[B12] a redemption of a live is in the list of its room once, however often its element comes', async () => {
  const [ann = 0] = people
  await give(ann, 50)
  const of = { account: ann, id: 'r-wish-ann-01', points: 10, forMs: 60_000, at: acme }
  const what = { use: 'redemption' as const, subject: 'oats', live: 7, issuers: [acme] }
  expect(await stand.deps.wallets.hold({ ...of, ...what })).toMatchObject({ ok: true })
  expect(await stand.deps.wallets.capture({ account: ann, id: of.id })).toMatchObject({ ok: true })
  await countAll()
  await redis.hdel(`ff:${placeOf(ann).slot}:cursors`, 'boards')
  await countAll()
  const asked: unknown[] = []
  const viewsOf = async (refs: readonly object[]) => {
    asked.push(...refs)
    const title = { zh: '燕麦', en: 'Oats' }
    const view = { title, points: 10, cashFen: 0, state: 'issued' as const }
    return refs.map(() => ({ ...view, id: 'wish-ann-01', reward: 'oats', atMs: 0, kind: 'goods' }))
  }
  const boards = composeBoards({
    core: { ...stand.deps, log: silent, gate: registry() },
    wallets: stand.deps.wallets,
    redemptions: { viewsOf } as unknown as Parameters<typeof composeBoards>[0]['redemptions'],
    nowMs: () => nowMs,
  })
  expect(await boards.redeemed('kitchen')).toMatchObject({
    redemptions: [{ name: 'N**', points: 10, state: 'issued' }],
  })
  expect(asked).toMatchObject([{ reward: 'oats', account: ann, id: 'wish-ann-01' }])
  expect(await boards.redeemed('garden')).toEqual({ ok: true, redemptions: [] })
})

test('[B12] pages of the list go on where the one before ended, over all partitions', async () => {
  const all: number[] = []
  for (let i = 0; i < 45; i++) {
    const account = 1000 + i
    const { slot } = placeOf(account)
    // Three of one instant each.
    const atMs = START_MS + Math.floor(i / 3)
    await redis.zadd(`ff:${slot}:room-redeemed:kitchen`, atMs, `${account} oats wish-${i}`)
    all.push(account)
  }
  const seen: number[] = []
  let before: string | undefined
  for (let page = 0; page < 4; page++) {
    const { listed, next } = await listRedeemed(
      { store: redis, partitions: stand.bench.places },
      { room: 'kitchen', before },
    )
    seen.push(...listed.map(({ account }) => account))
    before = next
    if (next === undefined) break
  }
  expect(seen).toHaveLength(45)
  expect(new Set(seen)).toEqual(new Set(all))
})

test('[B6] a week is not closed before every partition has counted all of it', async () => {
  const [ann = 0] = people
  await give(ann, 5)
  nowMs = endsAtMs + HOUR_MS
  await boardsOn().pass()
  expect(await redis.get('ff:{cfg}:boards-week')).toBeNull()
  await countAll()
  await boardsOn().pass()
  expect((await boardsOn().closed(WEEK, acme))[0]?.places).toHaveLength(1)
})

test('[B7] what the cap does not let through now is paid later; who was erased is paid nothing and has no place', async () => {
  const { ann, ben } = await week()
  const { wallets } = stand.deps
  const before = await spendable(ann)
  let open = false
  const core = { ...stand.deps, log: silent, gate: registry() }
  const strict = composeBoards({
    core,
    wallets: {
      issue: async (of) => (open ? wallets.issue(of) : { ok: false, code: 'busy', retry: true }),
    } as Pick<typeof wallets, 'issue'>,
    redemptions: NONE,
    nowMs: () => nowMs,
  })
  nowMs = endsAtMs + HOUR_MS
  await strict.pass()
  await strict.pass()
  expect(await spendable(ann)).toBe(before)
  await redis.del(`ff:${placeOf(ben).slot}:whose:${ben}`)
  open = true
  await strict.pass()
  expect(await spendable(ann)).toBe(before + 100)
  expect(await redis.hlen(dueKey)).toBe(0)
})

test('[B8] accounts that became one count as one, once, also where neither had a place', async () => {
  const [ann = 0, ben = 0, cid = 0] = people
  await give(ann, 30)
  await give(ben, 40)
  await give(cid, 60)
  await redis.hset(mergedIntoKey, String(ann), `${ben} m1`)
  await redis.hset(mergedFromKey, String(ben), `${ann}:${START_MS} `)
  await countAll()
  const boards = boardsOn()
  await boards.pass()
  const places = async () => {
    nowMs += 5000
    const board = await boardsOn().running('week', acme)
    return board?.places.map(({ handle, points }) => [handle, points])
  }
  expect(await places()).toEqual([
    [formatAccount(ben), 70],
    [formatAccount(cid), 60],
  ])
  const view = await boards.running('week', acme)
  if (!view) throw new Error('no board')
  expect(await boards.own(view, acme, ben)).toEqual({ points: 70, rank: 1 })
})

test('[B9] the viewer sees the own rank and what is missing to the next place and to a prize', async () => {
  await begin([{ ...BOARD, places: 3, prizes: [100, 60], least: 5 }])
  const [ann = 0, ben = 0, cid = 0, dan = 0, eve = 0, fay = 0] = people
  for (const [account, points] of [
    [ann, 500],
    [ben, 300],
    [cid, 200],
    [dan, 150],
    [eve, 4],
  ] as const)
    await give(account, points)
  await countAll()
  const boards = boardsOn()
  await boards.pass()
  const view = await boards.running('week', acme)
  if (!view) throw new Error('no board')
  const own = (account: number) => boards.own(view, acme, account)
  expect(await own(ann)).toEqual({ points: 500, rank: 1 })
  expect(await own(ben)).toEqual({ points: 300, rank: 2, toNext: 201 })
  expect(await own(cid)).toEqual({ points: 200, rank: 3, toNext: 101, toPrize: 101 })
  expect(await own(dan)).toEqual({ points: 150, rank: 4, toNext: 51, toPrize: 151 })
  expect(await own(eve)).toEqual({ points: 4, toNext: 197, toPrize: 297 })
  expect(await own(fay)).toEqual({ points: 0, toNext: 201, toPrize: 301 })
  await stand.deps.wallets.freeze({ account: dan, id: 'freeze-dan', freeze: true, by: 'ops' })
  expect(await own(dan)).toEqual({ points: 150 })
})

test('[B10] names are those of the profile, and who opted out is not named', async () => {
  const shy = await join('shy', true)
  await give(shy, 50)
  await countAll()
  const boards = boardsOn()
  await boards.pass()
  const board = await boards.running('week', acme)
  expect(board?.places[0]?.name).toBe(`viewer-${formatAccount(shy).slice(-4)}`)
  await setProfile(registry(), shy, { name: '', optOut: false })
  expect(JSON.stringify(await redis.hgetall('ff:{cfg}:boards-now'))).not.toContain('Name')
})

test('[B2] the week begins on Monday at midnight of the platform', () => {
  expect(new Date(startsAtMs).toISOString()).toBe('2026-04-26T16:00:00.000Z')
  expect(Rulebook.shape.boards.safeParse([BOARD, { ...BOARD, id: 'two' }]).success).toBe(false)
  expect(Rulebook.shape.boards.safeParse([{ ...BOARD, prizes: [5, 9] }]).success).toBe(false)
})

test('[B1] a worker that runs counts, and trims what it has counted', async () => {
  await like(people[0] ?? 0, 5)
  stand.deps.boards = boardsOn()
  await stand.worker()
  await stand.drained()
  expect(await sumOf(people[0] ?? 0)).toBeGreaterThan(0)
  await systemClock.sleep(0)
})
