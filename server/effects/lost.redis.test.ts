import { beforeEach, expect, test } from 'vitest'
import { roomSlot, type SlotTag, type Store } from '../redis/index.ts'
import { losingMasters } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import type { Effects } from './effects.ts'
import { CAPTURES_WAITING_MAX } from './limits.ts'
import { createEffectsStand, type EffectsStand, ROOM } from './testing.ts'

const ANNA = 7
let redis: Store
let masters: ReturnType<typeof losingMasters>
let stand: EffectsStand
/** Who waits for the room's master, and where its data goes. */
let waiting: { slot: SlotTag; lasts: () => void; fails: (error: Error) => void }[]
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(begin)

async function begin() {
  await redis.flushall()
  masters = losingMasters(redis)
  waiting = []
  stand = await createEffectsStand(redis, {
    certain: ({ slot }) =>
      new Promise((lasts, fails) => {
        waiting.push({ slot, lasts, fails })
      }),
  })
  await stand.give(ANNA, 1000)
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
/** What the worker does with what is overdue. */
async function work(account = ANNA) {
  stand.pass(10 * 60_000)
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

test('[E22] what wins is given and paid at once', async () => {
  await draw(true)
  const entered = await stand.effects.enterDraw(stand.buyer(ANNA), {
    ...{ requestId, draw: 1, tickets: 1, free: false },
  })
  expect(entered).toMatchObject({ ok: true, prizes: [0] })
  expect(waiting).toEqual([])
  expect(await stand.balance(ANNA)).toEqual({ spendable: 990, held: 0 })
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
