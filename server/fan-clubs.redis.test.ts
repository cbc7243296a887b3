import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ClubView } from '../shared/clubs.ts'
import { formatAccount } from '../shared/ids.ts'
import type { RulebookInput } from '../shared/rulebook/schema.ts'
import { DAY_MS, MINUTE_MS } from '../shared/time.ts'
import { composeClubs } from './app/clubs.ts'
import type { ClubPlace, Clubs } from './clubs/index.ts'
import { clubsKey, membersKey, todoKey } from './clubs/keys.ts'
import { readBudget } from './governance/index.ts'
import { systemClock } from './kernel/index.ts'
import type { Store } from './redis/index.ts'
import { Died, dyingAfter } from './redis/testing.ts'
import { useRedis } from './redis/use-redis.testing.ts'
import { createRoom, getRoom, startLive } from './rooms/index.ts'
import { act, START_MS } from './scoring/bench.testing.ts'
import { changeGrowth } from './scoring/change-growth.ts'
import { readJournal } from './scoring/index.ts'
import { Wallets } from './wallet/index.ts'
import { comparePartition } from './worker/archive/compare.ts'
import { rebuildPartition } from './worker/archive/rebuild.ts'
import { clubsConsumer } from './worker/clubs.ts'
import { formatId, type JournalElement, ZERO } from './worker/element.ts'
import { readAfter } from './worker/journal.ts'
import { rememberRooms } from './worker/places.ts'
import { plainReading } from './worker/reading.ts'
import { segmentsConsumer } from './worker/segments.ts'
import { createStand, type Stand, silent } from './worker/worker.testing.ts'

const label = (zh: string, en: string) => ({ zh, en })
const CLUB = {
  rungs: [
    { id: 'new', label: label('新团员', 'New'), growth: 0 },
    { id: 'fan', label: label('铁粉', 'Fan'), growth: 10, platformGrowth: 50 },
    { id: 'love', label: label('挚爱', 'Beloved'), growth: 40, platformGrowth: 100 },
  ],
  earns: { watch: 6, comment: 2, like: 1, share: 5, order: 20 },
  perDay: 25,
  clubs: 2,
  taskPoints: 1000,
}
type Book = Partial<RulebookInput>

let redis: Store
let stand: Stand
let nowMs = START_MS
let seq = 0
let dataDir = ''
const ACCOUNTS = [2, 3, 4, 5]
const [ANN = 0, BEN = 0, CID = 0] = ACCOUNTS
useRedis(async (server) => {
  redis = await server.connect()
})

async function begin(club: Partial<NonNullable<RulebookInput['fanClub']>> = {}, book: Book = {}) {
  await redis.flushall()
  journalled.clear()
  rmSync(dataDir, { recursive: true, force: true })
  dataDir = mkdtempSync(pathOf(tmpdir(), 'fanfare-clubs-'))
  await stand?.clean()
  nowMs = START_MS
  stand = createStand(redis, { book: { fanClub: { ...CLUB, ...club }, ...book } })
  stand.deps.nowMs = () => nowMs
  await open('kitchen')
}
beforeEach(() => begin())
afterEach(async () => {
  await stand.clean()
  rmSync(dataDir, { recursive: true, force: true })
})

/** A room of the host Lin with a live, in which whoever acts is from now on. */
async function open(id: string, host = 'lin') {
  const { room } = await createRoom(redis, {
    ...{ id, name: id, brand: 'acme', timeZone: 'Asia/Shanghai', host, nowMs },
  })
  const live = await startLive(redis, { room: id, nowMs })
  if (!live.ok) throw new Error('no live')
  Object.assign(stand.bench.room, { live: live.live.no, issuer: room.brandNo })
}

const coreOn = (store: Store) => ({ ...stand.deps, store, clock: systemClock, log: silent })
const walletsOn = (store: Store) =>
  new Wallets({
    ...coreOn(store),
    numbersOf: async () => [],
    nowMs: () => nowMs,
  })

const clubsOn = (store: Store = redis): Clubs =>
  composeClubs({
    core: coreOn(store),
    wallets: walletsOn(store),
    accounts: {
      async changeGrowth(change) {
        const slot = stand.bench.places.slotOf(change.account)
        const at = { slot, book: stand.bench.book, journalMax: 20_000, nowMs }
        const reply = await changeGrowth(store, at, change)
        if (reply.tag !== 'changed' && reply.tag !== 'replayed') throw new Error(reply.tag)
        return reply
      },
    },
    tell: async () => undefined,
    nowMs: () => nowMs,
  })

async function placeOf(id = 'kitchen'): Promise<ClubPlace> {
  const room = await getRoom(redis, id)
  if (!room) throw new Error('no room')
  return clubsOn().at({ ...room, live: room.live.no })
}
const viewOf = async (account: number, id?: string): Promise<ClubView> => {
  const { club } = await clubsOn().read(await placeOf(id), account)
  if (!club) throw new Error('no club')
  return club
}
const join = async (account: number, requestId = `join-${account}-000`, id?: string) =>
  clubsOn().join(await placeOf(id), { account, requestId })

const does = async (account: number, action: 'like' | 'comment' | 'share', units = 1) => {
  // Comments have to lie apart, and be others.
  nowMs += 4000
  const actions = [act(1, action, { units, p1: action === 'comment' ? seq + 1 : 0 })]
  const session = { startMs: nowMs + ++seq, nonce: 1 }
  const reply = await stand.bench.score(nowMs, [{ account, session, actions }])
  expect(reply.tag).toBe('scored')
}

/** So many minutes of beats that lie 15 s apart. */
async function watches(account: number, minutes: number) {
  const session = { startMs: START_MS + ++seq, nonce: 1 }
  let nonce = 0
  for (let n = 0; n <= minutes * 4; n++) {
    const actions = [act(n + 1, 'watch', { p1: nonce, p2: 1000 + n })]
    nonce = (await stand.bench.one(nowMs, { account, session, actions })).state.watch.nonce
    nowMs += 15_000
  }
}

const slotsWithIndex = () => [...stand.bench.places.slots.entries()]
const cursorOf = async (slot: string, kind = 'clubs') => {
  const [ms = 0, no = 0] = ((await redis.hget(`ff:${slot}:cursors`, kind)) ?? '0-0')
    .split('-')
    .map(Number)
  return { ms, seq: no }
}
const consumerOn = (store: Store, clubs = clubsOn(store)) =>
  clubsConsumer({
    ...{ store, clubs, rulebook: stand.deps.rulebook },
    ...{ roomOf: rememberRooms(store), reading: plainReading },
  })

/** What is not counted yet, by a worker on that store, in batches of so many elements. */
async function count(store: Store = redis, upTo = 5000) {
  const consumer = consumerOn(store)
  for (const [index, slot] of slotsWithIndex()) {
    const after = await cursorOf(slot)
    await consumer.open?.({ slot, index }, after)
    const left: JournalElement[] = await readAfter(redis, slot, { after, limit: upTo })
    if (left.length > 0) await consumer.handle({ slot, index }, left)
  }
}
/** Goes on with what was cut off. */
async function finish() {
  nowMs += MINUTE_MS
  for (const [, slot] of slotsWithIndex()) {
    await clubsOn().pass(slot)
    expect(await redis.hlen(todoKey(slot))).toBe(0)
  }
}

/** All that ever stood in journals, by partition and id. */
const journalled = new Map<string, JournalElement>()
async function readJournals() {
  for (const [index, slot] of slotsWithIndex())
    for (const one of await readAfter(redis, slot, { after: ZERO, limit: 5000 }))
      journalled.set(`${index} ${formatId(one.id)}`, one)
}

/** The partitions are lost and made again from the archive; hosts, rooms and rules come from a backup. */
async function loseAll() {
  await readJournals()
  const options = {
    ...{ store: redis, partitions: stand.bench.places, dataDirs: [dataDir], log: silent },
    ...{ witnesses: () => [], clock: { ...systemClock, now: () => nowMs } },
  }
  for (const [index, slot] of slotsWithIndex()) {
    const archive = segmentsConsumer({ store: redis, dataDir, log: silent })
    const after = await cursorOf(slot, 'segments')
    await archive.handle({ index, slot }, await readAfter(redis, slot, { after, limit: 5000 }))
    await archive.close({ index, slot })
    const lost = await redis.keys(`ff:${slot}:*`)
    if (lost.length > 0) await redis.del(lost)
    expect((await rebuildPartition(options, { index, slot })).problems).toEqual([])
    expect((await comparePartition(redis, { index, slot }, [dataDir])).problems).toEqual([])
  }
}

/** Points and growth that journals say came of clubs, by account. */
async function given() {
  await readJournals()
  const sums = new Map<string, number>()
  const add = (name: string, by: number) => sums.set(name, (sums.get(name) ?? 0) + by)
  for (const { bytes } of journalled.values()) {
    const { ledger, growth } = readJournal(bytes)
    for (const one of growth)
      if (one.cause === 'club_rung') add(`growth ${one.account}`, one.growth)
    for (const { account, cause, moves } of ledger)
      if (cause === 'club_task')
        add(
          `points ${account}`,
          moves.reduce((sum, { points }) => sum + points, 0),
        )
  }
  return sums
}

const Doing = fc.record({
  who: fc.nat(3),
  what: fc.constantFrom('like', 'like', 'comment', 'share', 'join', 'leave', 'day'),
  much: fc.integer({ min: 1, max: 8 }),
})
const GAINS = { like: CLUB.earns.like, comment: CLUB.earns.comment, share: CLUB.earns.share }
const runs = Number(process.env.FANFARE_TEST_RUNS ?? 8)

test('[FC1 FC3 FC4 FC6 FC15 004-13] growth is counted once, within the cap of a day, and each rung gives its growth once, whatever dies or is rebuilt', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(Doing, { minLength: 8, maxLength: 40 }),
      fc.array(
        fc.record({
          calls: fc.nat(20),
          upTo: fc.integer({ min: 1, max: 12 }),
          lost: fc.nat(3).map((one) => one === 0),
        }),
        { maxLength: 6 },
      ),
      async (doings, deaths) => {
        await begin()
        const model = ACCOUNTS.map(() => ({ in: false, all: 0, today: 0 }))
        for (const { who, what, much } of doings) {
          const account = ACCOUNTS[who] ?? 0
          const own = model[who] ?? { in: false, all: 0, today: 0 }
          if (what === 'join') {
            nowMs += 1000
            await join(account)
            own.in = true
          } else if (what === 'leave') {
            // What was done before is counted first: a worker that comes later finds no member.
            await count()
            await clubsOn().leave(await placeOf(), account)
            own.in = false
          } else if (what === 'day') {
            nowMs += DAY_MS
            for (const one of model) one.today = 0
          } else {
            const units = what === 'like' ? much : 1
            await does(account, what as keyof typeof GAINS, units)
            const gain = own.in ? units * GAINS[what as keyof typeof GAINS] : 0
            const counted = Math.min(gain, CLUB.perDay - own.today)
            own.all += counted
            own.today += counted
          }
        }
        for (const { calls, upTo, lost } of deaths) {
          await count(dyingAfter(redis, calls), upTo).catch((error: unknown) => {
            if (!(error instanceof Died)) throw error
          })
          if (lost) await loseAll()
        }
        await count()
        await finish()
        const sums = await given()
        for (const [i, account] of ACCOUNTS.entries()) {
          const { in: isIn = false, all = 0, today = 0 } = model[i] ?? {}
          const { own } = await viewOf(account)
          expect(own !== undefined).toBe(isIn)
          if (isIn)
            expect(own).toMatchObject({ growth: all, rung: all >= 40 ? 2 : all >= 10 ? 1 : 0 })
          if (isIn) expect(own?.today).toBeLessThanOrEqual(Math.max(today, CLUB.perDay))
          const rungs = (all >= 10 ? 50 : 0) + (all >= 40 ? 100 : 0)
          expect(sums.get(`growth ${account}`) ?? 0).toBe(rungs)
        }
        const { club } = await clubsOn().desk(await placeOf())
        expect(club?.members).toBe(model.filter((one) => one.in).length)
      },
    ),
    { numRuns: runs },
  )
}, 120_000)

test('[FC1] of two workers that have a partition at once only one counts', async () => {
  await join(ANN)
  await does(ANN, 'share')
  await does(ANN, 'share')
  const slot = stand.bench.places.slotOf(ANN)
  const place = { slot, index: stand.bench.places.slots.indexOf(slot) }
  const all = await readAfter(redis, slot, { after: ZERO, limit: 100 })
  const [first, second] = [consumerOn(redis), consumerOn(redis)]
  for (const one of [first, second]) await one.open?.(place, ZERO)
  await first.handle(place, all.slice(0, 1))
  await expect(Promise.resolve(second.handle(place, all))).rejects.toThrow('got further')
  await first.handle(place, all.slice(1))
  expect((await viewOf(ANN)).own?.growth).toBe(10)
})

test('[FC1] without members, or without clubs in the rules, nothing stays but the cursor', async () => {
  await does(ANN, 'share')
  await count()
  const slot = stand.bench.places.slotOf(ANN)
  expect(await redis.keys(`ff:${slot}:club*`)).toEqual([])
  expect((await cursorOf(slot)).ms).toBeGreaterThan(0)
})

test('[FC2 004-15] one club for all rooms of a host, another for another host, and none beyond the limit', async () => {
  await join(ANN)
  await open('market', 'lin')
  await does(ANN, 'share')
  await count()
  expect((await viewOf(ANN, 'kitchen')).own?.growth).toBe(5)
  expect((await viewOf(ANN, 'market')).own?.growth).toBe(5)
  await open('garden', 'mei')
  expect((await viewOf(ANN, 'garden')).own).toBeUndefined()
  await does(ANN, 'share')
  nowMs += 1000
  await join(ANN, 'join-garden-1', 'garden')
  await open('attic', 'bo')
  expect(await join(ANN, 'join-attic-01', 'attic')).toMatchObject({ code: 'club_limit' })
  await count()
  expect((await viewOf(ANN, 'garden')).own?.growth).toBe(0)
  await clubsOn().leave(await placeOf('garden'), ANN)
  expect(await join(ANN, 'join-attic-02', 'attic')).toMatchObject({ ok: true })
})

test('[FC5] who leaves keeps growth and rung for the next time', async () => {
  await join(ANN)
  for (let n = 0; n < 3; n++) await does(ANN, 'share')
  await count()
  await clubsOn().leave(await placeOf(), ANN)
  expect((await viewOf(ANN)).own).toBeUndefined()
  await does(ANN, 'share')
  await count()
  await join(ANN, 'join-again-1')
  expect((await viewOf(ANN)).own).toMatchObject({ growth: 15, rung: 1 })
})

test('[FC7] who is on a higher tier of the platform gathers more', async () => {
  await begin({ byTier: [{ rung: 'silver', factor: 2 }] })
  const slot = stand.bench.places.slotOf(ANN)
  const at = { slot, book: stand.bench.book, journalMax: 20_000, nowMs }
  const silver = stand.bench.book.ladder.rungs.find(({ id }) => id === 'silver')?.growth ?? 0
  await changeGrowth(redis, at, {
    ...{ account: ANN, id: 'gift-growth', growth: silver, cause: 'adjusted', subject: '' },
  })
  for (const account of [ANN, BEN]) {
    await join(account)
    await does(account, 'share')
  }
  await count()
  expect((await viewOf(ANN)).own?.growth).toBe(10)
  expect((await viewOf(BEN)).own?.growth).toBe(5)
})

const points = async (account: number) => {
  const { wallet } = await walletsOn(redis).readRecord(account)
  const of = (bucket: string) =>
    wallet.lots.reduce((sum, lot) => sum + (lot.bucket === bucket ? lot.points : 0), 0)
  return { spendable: of('spendable'), held: of('held') }
}
const give = async (account: number, amount: number) => {
  const { brandNo } = await placeOf()
  const lots = [{ issuer: brandNo, points: amount }]
  const id = `give-${++seq}-0000`
  await walletsOn(redis).issue({ account, id, lots, cause: 'adjusted', at: brandNo })
}

test('[FC8] joining costs its points once, and nothing where it is refused', async () => {
  await begin({ joinPoints: 30, clubs: 1 })
  expect(await join(ANN)).toMatchObject({ code: 'points_short' })
  await give(ANN, 100)
  expect(await viewOf(ANN)).toMatchObject({ joinPoints: 30 })
  expect(await join(ANN, 'join-paid-01')).toMatchObject({ ok: true })
  expect(await join(ANN, 'join-paid-01')).toMatchObject({ ok: true })
  expect(await join(ANN, 'join-paid-02')).toMatchObject({ ok: true })
  expect(await points(ANN)).toEqual({ spendable: 70, held: 0 })
  await open('garden', 'mei')
  expect(await join(ANN, 'join-other-1', 'garden')).toMatchObject({ code: 'club_limit' })
  expect(await points(ANN)).toEqual({ spendable: 70, held: 0 })
  await clubsOn().leave(await placeOf(), ANN)
  expect(await viewOf(ANN)).toMatchObject({ joinPoints: 0 })
  expect(await join(ANN, 'join-paid-03')).toMatchObject({ ok: true })
  expect(await points(ANN)).toEqual({ spendable: 70, held: 0 })
})

test('[FC8] wherever joining is cut off, member and paid are one', async () => {
  for (let calls = 0; calls < 14; calls++) {
    await begin({ joinPoints: 30 })
    await give(ANN, 100)
    const place = await placeOf()
    await clubsOn(dyingAfter(redis, calls))
      .join(place, { account: ANN, requestId: 'join-paid-01' })
      .catch((error: unknown) => {
        if (!(error instanceof Died)) throw error
      })
    const hold = await walletsOn(redis).readHold({ account: ANN, id: 'cl-join-paid-01' })
    nowMs += 2 * MINUTE_MS
    if (hold?.state === 'open') {
      const verdict = await clubsOn().settleHold({ account: ANN, id: hold.id })
      const wallets = walletsOn(redis)
      if (verdict === 'capture') await wallets.capture({ account: ANN, id: hold.id, late: true })
      else await wallets.void({ account: ANN, id: hold.id })
      // A request that comes now, under the same hold, finds it decided.
      const late = await clubsOn().join(place, { account: ANN, requestId: 'join-paid-01' })
      expect(late).toMatchObject(verdict === 'capture' ? { ok: true } : { code: 'hold_closed' })
    }
    const isIn = (await viewOf(ANN)).own !== undefined
    expect(await points(ANN), `dead after ${calls}`).toEqual({
      ...{ spendable: isIn ? 70 : 100, held: 0 },
    })
  }
})

const TASK = { requestId: 'task-one-0001', points: 100, places: 2, minutes: 60 }
const ask = async (
  task: Partial<typeof TASK> & { action?: 'watch' | 'comment'; goal?: number } = {},
) => {
  const all = { ...TASK, action: 'comment' as const, goal: 2, ...task }
  return clubsOn().startTask(await placeOf(), all)
}
/** A task begins two seconds after it was written. */
const begun = () => {
  nowMs += 3000
}

test('[FC9 FC10 FC11 004-14] a task of the host pays the first members who reach it, and nobody else', async () => {
  for (const account of [ANN, BEN, CID]) await join(account)
  await does(ANN, 'comment')
  expect(await ask()).toMatchObject({ ok: true, task: { task: 1, left: 2, goal: 2 } })
  // What was done before it began does not count.
  await count()
  begun()
  for (const account of [ANN, BEN, CID, 5]) {
    await does(account, 'comment')
    await count()
  }
  expect((await viewOf(ANN)).tasks).toMatchObject([{ progress: 1, state: 'open', left: 2 }])
  for (const account of [BEN, ANN, CID, 5]) {
    await does(account, 'comment')
    await count()
  }
  const sums = await given()
  const pointsOf = (account: number) => sums.get(`points ${account}`) ?? 0
  expect([ANN, BEN, CID, 5].map(pointsOf)).toEqual([100, 100, 0, 0])
  expect((await viewOf(ANN)).tasks).toMatchObject([{ progress: 2, state: 'paid', left: 0 }])
  expect((await viewOf(CID)).tasks).toMatchObject([{ progress: 2, state: 'full' }])
  const { club } = await clubsOn().desk(await placeOf())
  expect(club).toMatchObject({ members: 3, pointsLeft: 800, tasks: [{ task: 1, left: 0 }] })
})

test('[FC10 004-14] minutes watched in any live of the host count for a task of watching', async () => {
  await join(ANN)
  await ask({ action: 'watch', goal: 3 })
  begun()
  await watches(ANN, 2)
  await count()
  expect((await viewOf(ANN)).tasks).toMatchObject([{ progress: 2, state: 'open' }])
  await open('market', 'lin')
  await watches(ANN, 1)
  await count()
  expect((await viewOf(ANN)).tasks).toMatchObject([{ progress: 3, state: 'paid' }])
})

test('[FC9] a request starts one task; tasks of a day promise no more than the rules say', async () => {
  expect(await ask()).toMatchObject({ ok: true, task: { task: 1 } })
  expect(await ask()).toMatchObject({ ok: true, task: { task: 1 } })
  expect(await ask({ points: 7 })).toMatchObject({ code: 'id_conflict' })
  const second = { requestId: 'task-two-0002', places: 9 }
  expect(await ask(second)).toMatchObject({ code: 'club_limit', field: 'points', have: 800 })
  expect(await ask({ ...second, places: 8 })).toMatchObject({ ok: true, task: { task: 2 } })
  expect(await ask({ requestId: 'task-six-0006', points: 1, places: 1 })).toMatchObject({ have: 0 })
  // What ended unpaid is free again once nobody can come any more.
  expect(await clubsOn().endTask(await placeOf(), 2)).toEqual({ ok: true })
  expect(await clubsOn().endTask(await placeOf(), 2)).toMatchObject({ code: 'task_closed' })
  expect(await ask({ requestId: 'task-ten-0010', places: 8 })).toMatchObject({ have: 0 })
  nowMs += 15 * MINUTE_MS
  expect(await ask({ requestId: 'task-ten-0010', places: 8 })).toMatchObject({ ok: true })
  nowMs += DAY_MS
  expect(await ask({ requestId: 'task-day-0002', places: 10 })).toMatchObject({ ok: true })
})

test('[FC9] a task takes its promise out of the budget of the live, or is not started', async () => {
  await begin({}, { budget: { points: 250 } })
  expect(await ask()).toMatchObject({ ok: true })
  expect(await ask()).toMatchObject({ ok: true, task: { task: 1 } })
  expect(await ask({ requestId: 'task-two-0002' })).toMatchObject({ field: 'budget' })
  expect(await readBudget(redis, 'kitchen')).toMatchObject({ leased: 200 })
  expect(await ask({ requestId: 'task-two-0003', points: 50, places: 1 })).toMatchObject({
    ok: true,
  })
  expect(await readBudget(redis, 'kitchen')).toMatchObject({ leased: 250 })
})

test('[FC11 FC15 004-14] wherever a worker dies, and where all is rebuilt, who has a place is paid once and places are not exceeded', async () => {
  for (let calls = 0; calls < 26; calls += 1) {
    await begin()
    for (const account of [ANN, BEN, CID]) await join(account)
    await ask({ goal: 1 })
    begun()
    for (const account of [ANN, BEN, CID]) await does(account, 'comment')
    for (let again = 0; again < 2; again++)
      await count(dyingAfter(redis, calls)).catch((error: unknown) => {
        if (!(error instanceof Died)) throw error
      })
    if (calls % 3 === 0) await loseAll()
    await count()
    await finish()
    await count()
    const paid = [...(await given())].filter(([name]) => name.startsWith('points'))
    expect(
      paid.map(([, sum]) => sum),
      `dead after ${calls}`,
    ).toEqual([100, 100])
  }
}, 60_000)

test('[FC11] what was reached before the host ended a task is paid, what comes later is not', async () => {
  for (const account of [ANN, BEN]) await join(account)
  await ask({ goal: 1 })
  begun()
  await does(ANN, 'comment')
  nowMs += 1000
  await clubsOn().endTask(await placeOf(), 1)
  await does(BEN, 'comment')
  await count()
  expect([...(await given())]).toEqual([[`points ${ANN}`, 100]])
})

test('[FC12 FC15] the club of an account that became one with another goes with it, once', async () => {
  await join(ANN)
  await join(BEN)
  for (const account of [ANN, BEN]) for (let n = 0; n < 2; n++) await does(account, 'share')
  await count()
  const slot = stand.bench.places.slotOf(ANN)
  const at = { slot, book: stand.bench.book, journalMax: 20_000, nowMs }
  for (const id of ['merge-one-in', 'merge-two-in'])
    await changeGrowth(redis, at, {
      ...{ account: ANN, id, growth: 1, cause: 'merged_in', subject: formatAccount(BEN) },
    })
  // Begun, cut off, and gone on with after everything was made again.
  await count(dyingAfter(redis, 8)).catch((error: unknown) => {
    if (!(error instanceof Died)) throw error
  })
  for (let rebuilt = 0; rebuilt < 2; rebuilt++) {
    await loseAll()
    await count()
    await finish()
    expect((await viewOf(ANN)).own?.growth).toBe(20)
    expect((await viewOf(BEN)).own).toBeUndefined()
    expect((await clubsOn().desk(await placeOf())).club?.members).toBe(1)
  }
})

test('[FC15 FC8 FC13] members, their growth and rungs are the same after a rebuild; who was erased is not there', async () => {
  await begin({ joinPoints: 10 })
  await open('garden', 'mei')
  for (const account of [ANN, BEN, CID])
    await walletsOn(redis).issue({
      ...{ account, id: `gift-${account}-000`, cause: 'prize' },
      lots: [{ issuer: stand.bench.room.issuer, points: 500 }],
    })
  for (const account of [ANN, BEN, CID]) expect(await join(account)).toMatchObject({ ok: true })
  await join(ANN, 'join-garden-1', 'garden')
  for (const account of [ANN, BEN]) await does(account, 'share')
  await count()
  await clubsOn().leave(await placeOf(), BEN)
  await clubsOn().forget(CID)
  const seen = async () => ({
    views: [await viewOf(ANN), await viewOf(BEN), await viewOf(CID), await viewOf(ANN, 'garden')],
    club: (await clubsOn().desk(await placeOf())).club,
    record: await redis.getBuffer(clubsKey(stand.bench.places.slotOf(ANN), ANN)),
  })
  const before = await seen()
  await loseAll()
  await finish()
  expect(await seen()).toMatchObject(before)
  expect((await viewOf(BEN)).joinPoints).toBe(0)
  expect((await viewOf(CID)).joinPoints).toBe(10)
  // What was not counted before the loss is counted after it.
  await does(ANN, 'share')
  await loseAll()
  await count()
  expect((await viewOf(ANN, 'garden')).own?.growth).toBe(10)
  expect(await join(BEN, 'join-again-2')).toMatchObject({ ok: true })
})

test('[FC13] of who is erased no club knows anything', async () => {
  await join(ANN)
  await does(ANN, 'share')
  await count()
  await clubsOn().forget(ANN)
  await clubsOn().forget(ANN)
  const slot = stand.bench.places.slotOf(ANN)
  expect(await redis.exists(clubsKey(slot, ANN))).toBe(0)
  expect(await redis.zscore(membersKey(slot), String(ANN))).toBeNull()
  expect((await clubsOn().desk(await placeOf())).club).toMatchObject({
    ...{ members: 0, byRung: [{ members: 0 }, { members: 0 }, { members: 0 }] },
  })
})
