import { beforeEach, describe, expect, test } from 'vitest'
import { roomSlot, type SlotTag, type Store } from '../redis/index.ts'
import { losingMasters } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import type { Effects } from './effects.ts'
import { CAPTURES_WAITING_MAX } from './limits.ts'
import { unfinished } from './metrics.ts'
import { createEffectsStand, type EffectsStand, ROOM } from './testing.ts'
import { hostAccount } from './tips.ts'

const ANNA = 7
let redis: Store
let masters: ReturnType<typeof losingMasters>
let stand: EffectsStand
/** The worker waits as well; here what it waits for has come. */
let working: boolean
/** Who waits for the room's master, and where its data goes. */
let waiting: { slot: SlotTag; lasts: () => void; fails: (error: Error) => void }[]
let begun = 0
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(() => begin())

async function begin(partitions?: number) {
  await redis.flushall()
  masters = losingMasters(redis)
  waiting = []
  working = false
  const of = ++begun
  stand = await createEffectsStand(redis, {
    ...(partitions !== undefined && { partitions }),
    certain: ({ slot, with: other }) => {
      if (slot === other) return undefined
      return new Promise((lasts, fails) => {
        // What an earlier test has left behind waits for ever.
        if (of !== begun) return
        if (working) lasts()
        else waiting.push({ slot, lasts, fails })
      })
    },
  })
  await stand.give(ANNA, 1000)
}

/** Many partitions; the host's points are in another one than Anna's. */
async function beginApart(): Promise<number> {
  for (let i = 0; i < 50; i++) {
    await begin(8)
    const host = await hostAccount(stand.deps, { room: ROOM, brand: 'b' })
    if (slotOf(host) !== slotOf(ANNA)) return host
  }
  throw new Error('all in one partition')
}

/** The room's master keeps all it has until now. */
const keep = () => masters.certain({ slot: roomSlot(ROOM) })
/** It comes back with what it kept. */
async function lose() {
  await masters.lose(roomSlot(ROOM))
  for (const { fails } of waiting.splice(0)) fails(new Error('another epoch'))
}
async function last() {
  await keep()
  for (const { lasts } of waiting.splice(0)) lasts()
}
const slotOf = (account: number) => stand.deps.partitions.slotOf(account)
const keepAccount = () => masters.certain({ slot: slotOf(ANNA) })
/** The account's master comes back with what it kept; who waited for it hears so. */
async function loseAccount() {
  await masters.lose(slotOf(ANNA))
  for (const { fails } of waiting.splice(0)) fails(new Error('another epoch'))
}
const waitsFor = (slot: SlotTag) =>
  expect.poll(() => waiting.map((one) => one.slot)).toEqual([slot])
const unfinishedBy = async (why: string) =>
  (await unfinished.get()).values.find(({ labels }) => labels.why === why)?.value ?? 0
/** What the worker does with what is overdue. */
async function work(account = ANNA) {
  stand.pass(10 * 60_000)
  working = true
  for (const hold of await stand.wallets.openHolds(account)) {
    const verdict = await stand.effects.settleHold({ ...hold, account })
    if (verdict !== 'later') await stand.wallets[verdict]({ account, id: hold.id, late: true })
  }
}

const requestId = 'forgotten1'
const title = { zh: '抽奖', en: 'A draw' }
const draw = (box = false) =>
  stand.effects.openDraw(ROOM, {
    requestId: 'opendraw',
    box,
    title,
    prizes: [
      box ? { points: 10, voucher: '', odds: 10_000 } : { points: 100, voucher: '', winners: 1 },
    ],
    seconds: 300,
  })
const vote = () =>
  stand.effects.openVote(ROOM, {
    requestId: 'openvote',
    title,
    options: [title, { zh: '不抽', en: 'None' }],
    seconds: 300,
  })

/** Each act in a room that costs points, begun and done; `between` is where somebody else must agree. */
const ACTS: Record<string, (effects: Effects, between: () => Promise<void>) => Promise<unknown>> = {
  async draw(effects) {
    return effects.enterDraw(stand.buyer(ANNA), { requestId, draw: 1, tickets: 2, free: false })
  },
  async vote(effects) {
    return effects.castVote(stand.buyer(ANNA), {
      ...{ requestId, vote: 2, option: 1, votes: 3, free: false },
    })
  },
  async tip(effects) {
    return effects.buy(stand.buyer(ANNA), { effect: 'tip', requestId, points: 50 })
  },
  async broadcast(effects, between) {
    await effects.buy(stand.buyer(ANNA), { effect: 'broadcast', requestId, text: '大家好呀' })
    await between()
    const [ask] = (await effects.readHost(ROOM)).asks
    return ask && effects.approve(ROOM, ask)
  },
}

const nothing = async () => undefined

test.each(Object.keys(ACTS))(
  '[E22] %s: a room’s master that comes back without its newest moments gives back what it forgot',
  async (kind) => {
    for (const kept of ['before', 'between'] as const) {
      await begin()
      expect(await draw()).toMatchObject({ ok: true })
      expect(await vote()).toMatchObject({ ok: true })
      await keep()
      const done = await ACTS[kind]?.(stand.effects, kept === 'between' ? keep : nothing)
      expect(done).toMatchObject({ ok: true })
      await lose()
      await work()
      expect(await stand.worthOf(ANNA)).toBe(0)
      expect(await stand.balance(ANNA)).toEqual({ spendable: 1000, held: 0 })
      expect(await stand.imbalance()).toBe(0)
    }
  },
)

test.each(Object.keys(ACTS))(
  '[E22] %s: it is answered at once, and paid when the room’s master can no longer forget it',
  async (kind) => {
    await draw()
    await vote()
    expect(await ACTS[kind]?.(stand.effects, nothing)).toMatchObject({ ok: true })
    const { held } = await stand.balance(ANNA)
    expect(held).toBeGreaterThan(0)
    expect((await stand.totals()).spent).toBe(0)
    expect(waiting.map(({ slot }) => slot)).toEqual([roomSlot(ROOM)])
    await last()
    await expect.poll(async () => (await stand.totals()).spent).toBe(held)
    expect(await stand.worthOf(ANNA)).toBe(held)
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000 - held, held: 0 })
  },
)

test('[E22] the host is given the share of a tip when the tip cannot be forgotten, once', async () => {
  expect(await ACTS.tip?.(stand.effects, nothing)).toMatchObject({ ok: true })
  const before = (await stand.totals()).issued
  await last()
  await expect.poll(async () => (await stand.totals()).spent).toBe(50)
  expect((await stand.totals()).issued).toBe(before + 25)
})

test.each([false, true])(
  '[E26] a third master, of the host’s points, that comes back without the share of a tip is given it again, once (by the worker: %s)',
  async (byWorker) => {
    const host = await beginApart()
    const slot = slotOf(host)
    // The account stands; what it is given may be forgotten.
    await masters.certain({ slot })
    expect(await ACTS.tip?.(stand.effects, nothing)).toMatchObject({ ok: true })
    await last()
    await waitsFor(slot)
    expect(await stand.balance(host)).toMatchObject({ spendable: 25 })
    // The giver's points are held until the share will last.
    expect(await stand.balance(ANNA)).toEqual({ spendable: 950, held: 50 })
    await masters.lose(slot)
    expect(await stand.balance(host)).toMatchObject({ spendable: 0 })
    for (const { fails } of waiting.splice(0)) fails(new Error('another epoch'))
    if (byWorker) await work()
    else {
      await waitsFor(slot)
      await masters.certain({ slot })
      for (const { lasts } of waiting.splice(0)) lasts()
      await expect.poll(async () => (await stand.balance(ANNA)).held).toBe(0)
    }
    expect(await stand.balance(host)).toMatchObject({ spendable: 25 })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 950, held: 0 })
    expect(await stand.imbalance()).toBe(0)
  },
)

test('[E26] the end of an overdue tip waits for the host’s master as well', async () => {
  const host = await beginApart()
  await ACTS.tip?.(stand.effects, nothing)
  waiting = []
  stand.pass(10 * 60_000)
  const [hold] = await stand.wallets.openHolds(ANNA)
  if (!hold) throw new Error('nothing is held')
  const settled = stand.effects.settleHold({ ...hold, account: ANNA })
  await waitsFor(roomSlot(ROOM))
  await last()
  await waitsFor(slotOf(host))
  for (const { fails } of waiting.splice(0)) fails(new Error('another epoch'))
  expect(await settled).toBe('later')
  expect(await stand.balance(ANNA)).toMatchObject({ held: 50 })
})

test('[E26] a winner’s master that comes back without a prize is given it again, after the result was told', async () => {
  await begin(8)
  expect(await draw()).toMatchObject({ ok: true })
  await stand.effects.enterDraw(stand.buyer(ANNA), { requestId, draw: 1, tickets: 1, free: true })
  await keepAccount()
  await stand.effects.closeGame(ROOM, 1)
  const passes = stand.results.pass()
  await waitsFor(slotOf(ANNA))
  const told = async () =>
    (await stand.moments()).filter(({ kind }) => kind === 'draw.closed').length
  expect(await told()).toBe(1)
  expect(await stand.balance(ANNA)).toMatchObject({ spendable: 1100 })
  await loseAccount()
  expect(await passes).toBe(1)
  expect(await stand.balance(ANNA)).toMatchObject({ spendable: 1000 })
  working = true
  expect(await stand.results.pass()).toBe(0)
  expect(await stand.balance(ANNA)).toMatchObject({ spendable: 1100 })
  expect([await told(), await stand.results.pass()]).toEqual([1, 0])
  expect(await stand.imbalance()).toBe(0)
})

const box = (free = false) =>
  stand.effects.enterDraw(stand.buyer(ANNA), { requestId, draw: 1, tickets: 1, free })

test.each([false, true])(
  '[E22] what is in a box is told at once, and given when the box can no longer be forgotten (free: %s)',
  async (free) => {
    await draw(true)
    await keep()
    expect(await box(free)).toMatchObject({ ok: true, prizes: [0] })
    expect((await stand.totals()).issued).toBe(1000)
    await lose()
    expect(await box(free)).toMatchObject({ ok: true, prizes: [0] })
    expect((await stand.totals()).issued).toBe(1000)
    await last()
    await expect.poll(async () => (await stand.totals()).issued).toBe(1010)
    await expect.poll(async () => (await stand.totals()).spent).toBe(free ? 0 : 20)
  },
)

test('[E22] a gateway that dies before it paid for a box leaves it to the room, prize and points', async () => {
  await draw(true)
  await keep()
  await box()
  // Nobody hears of the room's master any more.
  waiting = []
  await masters.lose(roomSlot(ROOM))
  await work()
  expect(await stand.totals()).toMatchObject({ issued: 1000, spent: 0, spendable: 1000 })
  expect(await stand.imbalance()).toBe(0)
})

describe('an account’s master that comes back without the hold', () => {
  const IMMEDIATE = ['draw', 'vote', 'tip']

  test.each(IMMEDIATE)('[E23] %s: before it is paid: the points are taken again', async (kind) => {
    await draw()
    await vote()
    await keepAccount()
    expect(await ACTS[kind]?.(stand.effects, nothing)).toMatchObject({ ok: true })
    const { held } = await stand.balance(ANNA)
    await masters.lose(slotOf(ANNA))
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000, held: 0 })
    await last()
    await expect.poll(async () => (await stand.totals()).spent).toBe(held)
    expect(await stand.worthOf(ANNA)).toBe(held)
    expect(await stand.imbalance()).toBe(0)
  })

  test.each(IMMEDIATE)('[E23] %s: after it was paid: it is paid again', async (kind) => {
    await draw()
    await vote()
    await keepAccount()
    await ACTS[kind]?.(stand.effects, nothing)
    const { held } = await stand.balance(ANNA)
    await last()
    await expect.poll(async () => (await stand.totals()).spent).toBe(held)
    await waitsFor(slotOf(ANNA))
    await loseAccount()
    await expect.poll(async () => (await stand.totals()).spent).toBe(held)
    await waitsFor(slotOf(ANNA))
    for (const { lasts } of waiting.splice(0)) lasts()
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000 - held, held: 0 })
    expect(await stand.worthOf(ANNA)).toBe(held)
  })

  test('[E23] a prize that went with it is given again, once', async () => {
    await draw(true)
    await keepAccount()
    await box()
    await last()
    await expect.poll(async () => (await stand.totals()).issued).toBe(1010)
    await waitsFor(slotOf(ANNA))
    await loseAccount()
    await waitsFor(slotOf(ANNA))
    expect(await stand.totals()).toMatchObject({ issued: 1010, spent: 20, spendable: 990 })
  })

  test('[E23] points that are gone by then leave what was done unpaid, and it is counted', async () => {
    const before = await unfinishedBy('refused')
    await keepAccount()
    await ACTS.tip?.(stand.effects, nothing)
    await masters.lose(slotOf(ANNA))
    await stand.wallets.take({ account: ANNA, id: 'elsewhere', points: 1000 })
    await last()
    await expect.poll(() => unfinishedBy('refused')).toBe(before + 1)
    expect((await stand.totals()).spent).toBe(0)
  })

  test('[E23] a broadcast whose points are no longer put aside is not shown', async () => {
    await keepAccount()
    await stand.effects.buy(stand.buyer(ANNA), { effect: 'broadcast', requestId, text: '大家好呀' })
    const [ask] = (await stand.effects.readHost(ROOM)).asks
    if (!ask) throw new Error('nobody asks')
    await masters.lose(slotOf(ANNA))
    expect(await stand.effects.approve(ROOM, ask)).toMatchObject({ code: 'ask_gone' })
    expect((await stand.effects.readHost(ROOM)).asks).toEqual([])
    expect(await stand.worthOf(ANNA)).toBe(0)
  })
})

test.each(['reject', 'silence'] as const)(
  '[E24] %s: a word of the host that the room forgets has given nothing back',
  async (word) => {
    await stand.effects.buy(stand.buyer(ANNA), { effect: 'broadcast', requestId, text: '大家好呀' })
    const [ask] = (await stand.effects.readHost(ROOM)).asks
    if (!ask) throw new Error('nobody asks')
    await keep()
    if (word === 'reject') await stand.effects.reject(ROOM, ask)
    else await stand.effects.silence(ROOM)
    await lose()
    expect(await stand.balance(ANNA)).toMatchObject({ held: 300 })
    expect(await stand.effects.approve(ROOM, ask)).toMatchObject({ ok: true })
    await last()
    await expect.poll(async () => (await stand.totals()).spent).toBe(300)
    expect(await stand.worthOf(ANNA)).toBe(300)
  },
)

test('[E24] what is overdue waits until the room can no longer forget what it answered', async () => {
  await ACTS.tip?.(stand.effects, nothing)
  waiting = []
  stand.pass(10 * 60_000)
  const [hold] = await stand.wallets.openHolds(ANNA)
  if (!hold) throw new Error('nothing is held')
  const settled = stand.effects.settleHold({ ...hold, account: ANNA })
  await waitsFor(roomSlot(ROOM))
  await lose()
  expect(await settled).toBe('later')
  expect(await stand.balance(ANNA)).toMatchObject({ held: 50 })
  await work()
  expect(await stand.balance(ANNA)).toEqual({ spendable: 1000, held: 0 })
})

test('[E22] of more than wait at once each is paid when its time is over', async () => {
  for (let i = 0; i < CAPTURES_WAITING_MAX + 2; i++) {
    await stand.give(100 + i, 10)
    await stand.effects.buy(stand.buyer(100 + i), {
      ...{ effect: 'tip', requestId: `tip-${i}-of`, points: 10 },
    })
    if (i % 25 === 24) stand.pass(10_000)
  }
  expect(waiting).toHaveLength(CAPTURES_WAITING_MAX)
  await work(100 + CAPTURES_WAITING_MAX)
  expect((await stand.totals()).spent).toBe(10)
})
