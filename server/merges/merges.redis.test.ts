import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { DAY_MS } from '../../shared/time.ts'
import { findAccount, listLinks, resolveAccount } from '../identity/index.ts'
import { must } from '../kernel/index.ts'
import { configSlot, type Store } from '../redis/index.ts'
import { Died, dyingAfter, dyingAt, losingMasters } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { accountsKey } from '../wallet/index.ts'
import { formerOf, settledIn } from './records.ts'
import { ask, createMergesStand, type MergesStand, viewer } from './testing.ts'

let redis: Store
let masters: ReturnType<typeof losingMasters> | undefined
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

const alice = viewer('alice')
const bob = viewer('bob')

const stand = (store = redis, ladder?: Partial<Rulebook['ladder']>) => {
  masters ??= losingMasters(redis)
  return createMergesStand(store, { certain: masters.certain, ...(ladder && { ladder }) })
}

/** Two accounts of one person, with points of two brands and several months. */
async function pair({ registry, give, grow }: MergesStand) {
  const from = await resolveAccount(registry, alice)
  const into = await resolveAccount(registry, bob)
  await give(from, 100, { issuer: 1, month: 340 })
  await give(from, 50, { issuer: 2, month: 330 })
  await give(from, 7, { issuer: 1 })
  await give(into, 1000, { issuer: 1, month: 335 })
  await grow({ account: from, id: 'g1', growth: 130, cause: 'adjusted', subject: '' })
  await grow({ account: into, id: 'g1', growth: 90, cause: 'adjusted', subject: '' })
  return { from, into }
}

/** A process that died leaves its lease, which ends by itself. */
async function leaseEnds() {
  for (const key of await redis.keys('*merge-lease*')) await redis.del(key)
}

test('[MG1 MG2] identities, growth and points go over, with their brands and months, and both ledgers say so', async () => {
  const one = await stand()
  const { from, into } = await pair(one)
  expect(await one.merges.merge({ ...ask, from, into })).toMatchObject({
    ok: true,
    state: 'active',
    moved: { points: 157, growth: 130 },
    left: { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 },
  })
  expect(await one.read(into)).toMatchObject({ balance: { spendable: 1157 }, growth: 220 })
  expect(await one.read(from)).toMatchObject({ balance: { spendable: 0 }, growth: 0, rung: 0 })
  expect(await findAccount(one.registry, alice)).toBe(into)
  expect(await listLinks(one.registry, from)).toEqual([])
  const entries = one.moved.filter(({ cause }) => cause.startsWith('merged'))
  expect(entries.map(({ account, cause }) => [account, cause])).toEqual([
    [into, 'merged_in'],
    [from, 'merged_out'],
  ])
  const lots = entries[0]?.moves.map(({ issuer, month, points }) => [issuer, month, points])
  expect(lots?.sort()).toEqual([
    [1, 0, 7],
    [1, 340, 100],
    [2, 330, 50],
  ])
  expect(await one.imbalance()).toBe(0)
  expect(await settledIn(redis, from)).toBe(into)
})

test('[MG1] who has nothing but what came with a merge is an account of its partition like any other', async () => {
  const one = await stand()
  const from = await resolveAccount(one.registry, alice)
  const into = await resolveAccount(one.registry, bob)
  await one.grow({ account: from, id: 'g1', growth: 130, cause: 'adjusted', subject: '' })
  await one.merges.merge({ ...ask, from, into })
  // Audits, falls and the archive's comparison go by it.
  for (const account of [from, into])
    expect(await redis.sismember(accountsKey(one.places.slotOf(account)), account)).toBe(1)
})

test('[MG1 MG10] the higher rung stays, though the points that brought it were earned by the other account', async () => {
  const { book } = await stand()
  const rungs = book.ladder.rungs.slice(0, 3).map(({ lifetimePoints: _, ...rung }, i) => ({
    ...rung,
    growth: i * 1000,
    lifetimePoints: i * 500,
  }))
  const some = fc.record({
    points: fc.constantFrom(0, 499, 500, 1500),
    growth: fc.constantFrom(0, 700, 2000),
  })
  await fc.assert(
    fc.asyncProperty(some, some, async (a, b) => {
      await redis.flushall()
      const one = await stand(redis, { rungs: rungs as Rulebook['ladder']['rungs'] })
      const from = await resolveAccount(one.registry, alice)
      const into = await resolveAccount(one.registry, bob)
      for (const [account, { points, growth }] of [
        [from, a],
        [into, b],
      ] as const) {
        if (points > 0) await one.give(account, points)
        await one.grow({ account, id: 'g1', growth, cause: 'adjusted', subject: '' })
      }
      const before = [await one.read(from), await one.read(into)]
      const higher = Math.max(...before.map(({ rung }) => rung))
      const merged = await one.merges.merge({ ...ask, from, into })
      const grown = Math.min(2, Math.floor((a.growth + b.growth) / 1000))
      expect((await one.read(into)).rung).toBe(Math.max(higher, grown))
      await one.merges.undo('acme', merged.ok ? merged.merge : '')
      expect([await one.read(from), await one.read(into)].map(({ rung }) => rung)).toEqual(
        before.map(({ rung }) => rung),
      )
    }),
    { numRuns: 12 },
  )
})

test('[MG3] the same key is the same merge, also when both names lead to one account already', async () => {
  const one = await stand()
  const { from, into } = await pair(one)
  const first = await one.merges.merge({ ...ask, from, into })
  expect(await one.merges.merge({ ...ask, from: into, into })).toEqual(first)
  expect(await one.merges.merge({ ...ask, key: 'merge-2', from: into, into })).toMatchObject({
    code: 'already_one',
  })
  expect(await one.merges.read('acme', first.ok ? first.merge : '')).toEqual(first)
  expect(await one.merges.read('other', first.ok ? first.merge : '')).toMatchObject({
    code: 'not_found',
  })
})

test('[MG3] two accounts are never merged into each other, whoever asks at once', async () => {
  for (let i = 0; i < 10; i++) {
    await redis.flushall()
    const one = await stand()
    const { from, into } = await pair(one)
    const both = await Promise.all([
      one.merges.merge({ ...ask, key: 'merge-a', from, into }),
      one.merges.merge({ ...ask, key: 'merge-b', from: into, into: from }),
    ])
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(
      (await one.read(from)).balance.spendable + (await one.read(into)).balance.spendable,
    ).toBe(1157)
  }
})

test('[MG4] an undo brings back identities, growth and every point with its brand and month', async () => {
  const one = await stand()
  const { from, into } = await pair(one)
  const before = [await one.read(from), await one.read(into)]
  const merged = await one.merges.merge({ ...ask, from, into })
  const undone = await one.merges.undo('acme', merged.ok ? merged.merge : '')
  expect(undone).toMatchObject({
    state: 'undone',
    back: { points: 157, growth: 130 },
    short: { points: 0, growth: 0 },
  })
  expect([await one.read(from), await one.read(into)]).toEqual(before)
  const back = one.moved.filter((e) => e.account === from && e.cause === 'merged_in')
  const lots = back.flatMap(({ moves }) => moves.map((m) => [m.issuer, m.month, m.points]))
  expect(lots.sort()).toEqual([
    [1, 0, 7],
    [1, 340, 100],
    [2, 330, 50],
  ])
  expect(await findAccount(one.registry, alice)).toBe(from)
  expect(await findAccount(one.registry, bob)).toBe(into)
  expect(await one.merges.undo('acme', merged.ok ? merged.merge : '')).toEqual(undone)
  // And they may be merged again.
  expect(await one.merges.merge({ ...ask, key: 'merge-2', from, into })).toMatchObject({ ok: true })
})

test('[MG4] what was spent meanwhile is not taken from anything else, and the answer says how much it is', async () => {
  const one = await stand()
  const { from, into } = await pair(one)
  const merged = await one.merges.merge({ ...ask, from, into })
  const spend = {
    account: into,
    id: 'h1',
    points: 1100,
    forMs: 1000,
    use: 'checkout',
    at: 1,
  } as const
  await one.wallets.hold(spend)
  await one.wallets.capture({ account: into, id: 'h1' })
  const undone = await one.merges.undo('acme', merged.ok ? merged.merge : '')
  expect(undone).toMatchObject({ back: { points: 57 }, short: { points: 100 } })
  expect((await one.read(into)).balance.spendable).toBe(0)
  expect(await one.imbalance()).toBe(0)
})

test('[MG4 seed 3] what is missing of one brand does not keep an undo from its end, however much there is of another', async () => {
  const one = await stand()
  const from = await resolveAccount(one.registry, alice)
  const into = await resolveAccount(one.registry, bob)
  await one.give(from, 100, { issuer: 1 })
  await one.give(into, 1000, { issuer: 2 })
  const merged = await one.merges.merge({ ...ask, from, into })
  const spend = {
    account: into,
    id: 'h1',
    points: 1,
    use: 'checkout',
    at: 1,
    issuers: [1],
  } as const
  await one.wallets.hold({ ...spend, forMs: 1000 })
  await one.wallets.capture({ account: into, id: 'h1' })
  expect(await one.merges.undo('acme', merged.ok ? merged.merge : '')).toMatchObject({
    state: 'undone',
    back: { points: 99 },
    short: { points: 1 },
  })
  expect((await one.read(from)).balance.spendable).toBe(99)
  expect((await one.read(into)).balance.spendable).toBe(1000)
})

test('[MG4] after 30 days a merge stays', async () => {
  const one = await stand()
  const { from, into } = await pair(one)
  const merged = await one.merges.merge({ ...ask, from, into })
  one.clock.nowMs += 30 * DAY_MS + 1
  expect(await one.merges.undo('acme', merged.ok ? merged.merge : '')).toMatchObject({
    code: 'merge_closed',
  })
})

test('[MG5] pending and held points follow when they are free', async () => {
  const one = await stand()
  const { from, into } = await pair(one)
  await one.wallets.hold({
    account: from,
    id: 'h1',
    points: 30,
    forMs: 1000,
    use: 'checkout',
    at: 1,
  })
  const promise = { account: from, id: 'p1', cause: 'prize', pendingMs: DAY_MS } as const
  await one.wallets.issue({ ...promise, lots: [{ issuer: 1, points: 40 }] })
  const merged = await one.merges.merge({ ...ask, from, into })
  expect(merged).toMatchObject({ moved: { points: 127 }, left: { held: 30, pending: 40 } })
  await one.wallets.void({ account: from, id: 'h1' })
  await one.wallets.capture({ account: from, id: 'p1' })
  one.clock.nowMs += 60_000
  await one.merges.pass()
  expect((await one.read(into)).balance.spendable).toBe(1197)
  const undone = await one.merges.undo('acme', merged.ok ? merged.merge : '')
  expect(undone).toMatchObject({ back: { points: 197 } })
  expect(await one.imbalance()).toBe(0)
})

test('[MG5 W10] what was spent before a merge and comes back long after it follows, also where nobody says so', async () => {
  const one = await stand()
  const { from, into } = await pair(one)
  for (const id of ['h1', 'h2']) {
    const order = { account: from, id, points: 30, forMs: 1000, use: 'checkout', at: 1 } as const
    await one.wallets.hold(order)
    await one.wallets.capture({ account: from, id })
  }
  await one.merges.merge({ ...ask, from, into })
  const look = async (afterMs: number) => {
    one.clock.nowMs += afterMs
    await one.merges.pass()
    return (await one.read(into)).balance.spendable
  }
  expect(await look(31 * DAY_MS)).toBe(1097)
  expect(await look(60 * DAY_MS)).toBe(1097)
  await one.wallets.refund({ account: from, id: 'h1', refundId: 'back-1' })
  await one.merges.follow(from)
  expect(await look(0)).toBe(1127)
  await one.wallets.refund({ account: from, id: 'h2', refundId: 'back-2' })
  expect(await look(8 * DAY_MS)).toBe(1157)
  expect((await one.read(from)).balance.spendable).toBe(0)
  expect(await one.imbalance()).toBe(0)
  // Of one that is nobody's but its own nothing follows.
  await one.merges.follow(into)
})

test('[MG8] an account is known by those that went into it, over any number of merges, until one is undone', async () => {
  const one = await stand()
  const { from: first, into: second } = await pair(one)
  const third = await resolveAccount(one.registry, viewer('eve'))
  const other = await resolveAccount(one.registry, viewer('tom'))
  const startMs = one.clock.nowMs
  const merge = async (key: string, from: number, into: number) => {
    const merged = await one.merges.merge({ ...ask, key, from, into })
    one.clock.nowMs += 1000
    return merged.ok ? merged.merge : ''
  }
  await merge('merge-1', first, second)
  const beyond = await merge('merge-2', second, third)
  const late = await merge('merge-3', other, third)
  const everyone = [first, second, third, other]
  const known = await formerOf(redis, everyone)
  expect([...known.keys()].sort()).toEqual([second, third].sort())
  expect(known.get(second)).toEqual([{ account: first, sinceMs: startMs }])
  expect(known.get(third)).toHaveLength(3)
  expect(known.get(third)).toEqual(
    expect.arrayContaining([
      { account: second, sinceMs: startMs + 1000 },
      { account: other, sinceMs: startMs + 2000 },
      // What the third does is done for the first since both merges stand.
      { account: first, sinceMs: startMs + 1000 },
    ]),
  )
  await one.merges.undo('acme', beyond)
  expect(await formerOf(redis, [third])).toEqual(
    new Map([[third, [{ account: other, sinceMs: startMs + 2000 }]]]),
  )
  await one.merges.undo('acme', late)
  expect(await formerOf(redis, everyone)).toEqual(
    new Map([[second, [{ account: first, sinceMs: startMs }]]]),
  )
})

test('[MG6] a frozen account is not merged', async () => {
  const one = await stand()
  const { from, into } = await pair(one)
  await one.wallets.freeze({ account: from, id: 'f1', freeze: true, by: 'ops' })
  expect(await one.merges.merge({ ...ask, from, into })).toMatchObject({ code: 'account_frozen' })
})

test('[MG7] whatever dies between any two steps, no point and no growth is lost or made, and merge and undo get to their ends', async () => {
  const dies = fc.integer({ min: 0, max: 60 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(dies, { maxLength: 3 }),
      fc.array(dies, { maxLength: 3 }),
      async (merging, undoing) => {
        await redis.flushall()
        const one = await stand()
        const { from, into } = await pair(one)
        const start = [await one.read(from), await one.read(into)]
        const attempt = async (
          commands: number,
          what: (stand: MergesStand) => Promise<unknown>,
        ) => {
          await stand(dyingAfter(redis, commands))
            .then(what)
            .catch((error: unknown) => {
              if (!(error instanceof Died)) throw error
            })
          await leaseEnds()
        }
        for (const commands of merging)
          await attempt(commands, ({ merges }) => merges.merge({ ...ask, from, into }))
        const merged = await one.merges.merge({ ...ask, from, into })
        expect(merged).toMatchObject({ moved: { points: 157, growth: 130 } })
        expect((await one.read(into)).balance.spendable).toBe(1157)
        expect(await one.read(from)).toMatchObject({
          balance: { spendable: 0, held: 0 },
          growth: 0,
        })
        const id = merged.ok ? merged.merge : ''
        for (const commands of undoing)
          await attempt(commands, ({ merges }) => merges.undo('acme', id))
        expect(await one.merges.undo('acme', id)).toMatchObject({
          state: 'undone',
          short: { points: 0 },
        })
        expect([await one.read(from), await one.read(into)]).toEqual(start)
        expect(await findAccount(one.registry, alice)).toBe(from)
        expect(await findAccount(one.registry, bob)).toBe(into)
        const totals = await one.totals()
        expect(totals.transferredIn).toBe(totals.transferredOut)
        expect(await one.imbalance()).toBe(0)
      },
    ),
    { numRuns: 40 },
  )
})

test('[MG3 MG7] a look that outlasts its lease leaves that of the process which goes on', async () => {
  const one = await stand()
  const { from, into } = await pair(one)
  const real = must(masters, 'masters')
  let lease = ''
  masters = {
    ...real,
    async certain(of) {
      lease = must((await redis.keys('*merge-lease*'))[0], 'a lease')
      await redis.set(lease, 'another process')
      await real.certain(of)
    },
  }
  const slow = await stand()
  masters = real
  expect(await slow.merges.merge({ ...ask, from, into })).toMatchObject({ ok: true })
  expect(await redis.get(lease)).toBe('another process')
})

test('[MG9] whichever master comes back without its newest data, at whichever step, no point and no growth is lost or made by a merge or its undo', async () => {
  const run = async (undoes: boolean, script: number, loses: 'from' | 'into' | 'record') => {
    await redis.flushall()
    masters = losingMasters(redis)
    const one = await stand()
    const { from, into } = await pair(one)
    if (one.places.slotOf(from) === one.places.slotOf(into)) return
    const start = [await one.read(from), await one.read(into)]
    const begun = undoes ? await one.merges.merge({ ...ask, from, into }) : undefined
    const id = begun?.ok ? begun.merge : ''
    const slots = { from: one.places.slotOf(from), into: one.places.slotOf(into) }
    const slotOf = { ...slots, record: configSlot }
    for (const slot of Object.values(slotOf)) await masters.certain({ slot })
    const dying = await stand(dyingAt(redis, script, true))
    await (undoes
      ? dying.merges.undo('acme', id)
      : dying.merges.merge({ ...ask, from, into })
    ).catch((error: unknown) => expect(error).toBeInstanceOf(Died))
    await masters.lose(slotOf[loses])
    await leaseEnds()
    const ends = undoes ? one.merges.undo('acme', id) : one.merges.merge({ ...ask, from, into })
    const why = `${undoes ? 'undo' : 'merge'}, script ${script}, ${loses} loses`
    expect(await ends, why).toMatchObject({ ok: true })
    const [a, b] = [await one.read(from), await one.read(into)]
    if (undoes) expect([a, b], why).toEqual(start)
    else {
      expect([a.balance.spendable, b.balance.spendable], why).toEqual([0, 1157])
      expect([a.growth, b.growth], why).toEqual([0, 220])
    }
    const { transferredIn, transferredOut, held } = await one.totals()
    expect([transferredIn - transferredOut, held], why).toEqual([0, 0])
  }
  for (const undoes of [false, true])
    for (const [i, loses] of (['from', 'into', 'record'] as const).entries())
      for (let script = 1 + (i % 2); script <= 21; script += 2) await run(undoes, script, loses)
})
