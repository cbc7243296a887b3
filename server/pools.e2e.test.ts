import { beforeAll, expect, test } from 'vitest'
import type { Scored } from '../shared/account-state.ts'
import type { HistoryPage } from '../shared/ledger.ts'
import type { RewardView } from '../shared/rewards.ts'
import { PRESETS } from '../shared/rulebook/presets.ts'
import type { Pool } from '../shared/rulebook/wallet.ts'
import { askSocket } from './merchant.testing.ts'
import type { TestSocket } from './service.testing.ts'
import { useService } from './use-service.testing.ts'

const { call, enter } = useService()
beforeAll(async () => {
  for (const [id, host] of [
    ['kitchen', 'mei'],
    ['garden', 'mei'],
    ['garage', 'lin'],
  ] as const) {
    expect(await post('/v1/rooms', { id, name: id, host })).toMatchObject({ room: { host } })
    expect(await post(`/v1/rooms/${id}/start`, {})).toMatchObject({ ok: true })
  }
})

let requests = 0
const post = <T = unknown>(path: string, body: object) => call<T>(path, { body })

/** Publishes the pool, and waits until what is bought in a room comes under it. */
async function under(pool: Pool): Promise<void> {
  const transfer = { kind: 'allowWithin', dailyCap: 5000, perPairCap: 5000 } as const
  const wallet = { pool, transfer, checkout: { minPoints: 1 } }
  const book = { ...PRESETS.community, wallet }
  expect(await post('/v1/rulebook', { book })).toMatchObject({ ok: true })
  const probe = async () => {
    const prober = `prober-${++requests}`
    await buy(prober, 'kitchen', 1000)
    const { reach = [] } = await historyIn('garage', prober)
    return reach.map(({ kind }) => kind)
  }
  await expect.poll(probe, { timeout: 10_000 }).toEqual(pool === 'brand' ? [] : [pool])
}

/** 50 for an order and 10 a yuan. */
const buy = (viewer: string, room: string, amountFen: number) =>
  post<Scored>('/v1/events', { action: 'purchase', viewer, room, amountFen })

async function historyIn(room: string, viewer: string): Promise<HistoryPage> {
  const { socket } = await enter({ viewer, room })
  const page = await askSocket<HistoryPage>(socket, 'history.read', {})
  socket.close()
  return page
}

const quote = (viewer: string, room?: string) =>
  post('/v1/checkout/quote', { viewer, amountFen: 100_000, ...(room && { room }) })
const holdIn = (room: string | undefined, viewer: string, points: number) =>
  post<{ order: string; code?: string }>('/v1/checkout/hold', {
    viewer,
    order: `order-${++requests}`,
    amountFen: 100_000,
    points,
    ...(room && { room }),
  })

test('[W3 W7 A46] points earned in a room are refused in another, with the reason, and spent where they were earned', async () => {
  await under('room')
  const viewer = 'ann'
  const bought = await buy(viewer, 'kitchen', 10_000)
  const points = bought.account.balance.spendable
  expect(points).toBeGreaterThan(0)
  expect(bought.account.elsewhere).toBeUndefined()

  for (const place of ['garden', 'garage', undefined]) {
    expect(await quote(viewer, place)).toMatchObject({ points: 0, have: 0 })
    expect(await holdIn(place, viewer, 10)).toMatchObject({
      ...{ ok: false, code: 'points_elsewhere', have: 0, elsewhere: points },
    })
  }
  expect(await call(`/v1/accounts/${viewer}?room=garden`)).toMatchObject({
    account: { balance: { spendable: points }, elsewhere: points },
  })
  const gift = { to: 'ben', points: 10 }
  expect(await post(`/v1/accounts/${viewer}/gifts`, { ...gift, room: 'garden' })).toMatchObject({
    code: 'points_elsewhere',
  })

  expect(await quote(viewer, 'kitchen')).toMatchObject({ points, have: points })
  const held = await holdIn('kitchen', viewer, points - 100)
  expect(held).toMatchObject({ ok: true, state: 'open' })
  expect(await post('/v1/checkout/capture', { viewer, order: held.order })).toMatchObject({
    state: 'captured',
  })
  // A refund and a gift leave them what they were: points of the kitchen.
  await post('/v1/checkout/refund', { viewer, order: held.order, points: 50 })
  expect(await post(`/v1/accounts/${viewer}/gifts`, { ...gift, room: 'kitchen' })).toMatchObject({
    ok: true,
  })
  expect(await quote('ben', 'kitchen')).toMatchObject({ have: 10 })
  expect(await quote('ben', 'garden')).toMatchObject({ have: 0 })
  expect(await quote(viewer, 'kitchen')).toMatchObject({ have: 140 })
  expect(await call(`/v1/accounts/${viewer}/wallet`)).toMatchObject({
    balanced: true,
    lots: [{ points: 140 }],
  })
  // What the shop gives without naming a room is good everywhere, and so pays last.
  await post(`/v1/accounts/${viewer}/adjust`, { points: 30, note: 'sorry' })
  expect(await quote(viewer, 'garden')).toMatchObject({ have: 30 })
  expect(await quote(viewer, 'kitchen')).toMatchObject({ have: 170 })
  await post(`/v1/accounts/${viewer}/adjust`, { points: 20, note: 'sorry', room: 'garden' })
  expect(await quote(viewer, 'garden')).toMatchObject({ have: 50 })
  expect(await quote(viewer, 'kitchen')).toMatchObject({ have: 170 })
  // An operator can take all that is the brand's, its rooms' included.
  expect(
    await post(`/v1/accounts/${viewer}/revoke`, { points: 500, partial: true, note: 'fraud' }),
  ).toMatchObject({ taken: 190 })
})

test('[W7 RW31] the viewer is told what is good here, and where the rest is', async () => {
  await under('room')
  const viewer = 'cat'
  const points = (await buy(viewer, 'kitchen', 30_000)).account.balance.spendable
  const kitchen = await enter({ viewer, room: 'kitchen' })
  expect(kitchen.welcome.account).toMatchObject({ balance: { spendable: points } })
  expect(kitchen.welcome.account).not.toHaveProperty('elsewhere')
  const garden = await enter({ viewer, room: 'garden' })
  expect(garden.welcome.account).toMatchObject({
    balance: { spendable: points },
    elsewhere: points,
  })
  // Also in the answer of each command, and on the other device, by where it is.
  const other = new Promise((told) => kitchen.socket.once('account.changed', told))
  const liked = await askSocket<Scored>(garden.socket, 'like.send', { seq: 1, count: 10 })
  const earned = liked.receipts.reduce((sum, receipt) => sum + receipt.points, 0)
  expect(earned).toBeGreaterThan(0)
  expect(liked.account).toMatchObject({
    balance: { spendable: points + earned },
    elsewhere: points,
  })
  expect(await other).toMatchObject({ account: { elsewhere: earned } })

  const names = { kind: 'room', brand: 'demo' } as const
  expect(await askSocket<HistoryPage>(garden.socket, 'history.read', {})).toMatchObject({
    reach: [
      { ...names, id: 'kitchen', name: 'kitchen', points, here: false },
      { ...names, id: 'garden', name: 'garden', points: earned, here: true },
    ],
  })
  // The history itself says whose points each line is about, a second behind.
  const kinds = async () => {
    const { entries, issuers } = await call<HistoryPage>(`/v1/accounts/${viewer}/history`)
    return entries.map((one) => (one.kind === 'receipt' ? issuers[one.issuer ?? 0]?.id : ''))
  }
  await expect.poll(kinds, { timeout: 5000 }).toEqual(expect.arrayContaining(['kitchen', 'garden']))
  // What can be had counts what is good here.
  const locks = async (socket: TestSocket) => {
    const { rewards } = await askSocket<{ rewards: RewardView[] }>(socket, 'reward.list', {})
    return rewards.find(({ id }) => id === 'oatmeal')?.lock
  }
  expect(await locks(garden.socket)).toMatchObject({ kind: 'points', missing: 1850 - earned })
  expect(await locks(kitchen.socket)).toBeUndefined()
  const wish = { id: 'wish-of-cat', reward: 'oatmeal', point: 'demo-market' }
  expect(await askSocket(garden.socket, 'reward.redeem', wish)).toMatchObject({
    code: 'points_elsewhere',
  })
  expect(
    await askSocket(kitchen.socket, 'reward.redeem', { ...wish, id: 'wish-2-cat' }),
  ).toMatchObject({
    ok: true,
  })
  for (const { socket } of [kitchen, garden]) socket.close()
})

test('[W7 RM14] points of a host are good in all rooms of that host and in no other', async () => {
  await under('host')
  const viewer = 'dan'
  const points = (await buy(viewer, 'kitchen', 10_000)).account.balance.spendable
  for (const room of ['kitchen', 'garden'])
    expect(await quote(viewer, room)).toMatchObject({ have: points })
  expect(await holdIn('garage', viewer, 100)).toMatchObject({ code: 'points_elsewhere' })
  expect(await holdIn('garden', viewer, 100)).toMatchObject({ ok: true, points: 100 })
  // The host moves on between two lives: the points go with the host.
  expect(await post('/v1/rooms/garden/host', { host: 'lin' })).toMatchObject({ code: 'room_open' })
  const ended = () => post('/v1/rooms/garden/end', {})
  await expect.poll(ended, { timeout: 10_000 }).toMatchObject({ live: { state: 'ended' } })
  expect(await post('/v1/rooms/garden/host', { host: 'lin' })).toMatchObject({
    room: { host: 'lin' },
  })
  expect(await quote(viewer, 'garden')).toMatchObject({ have: 0 })
  expect(await quote(viewer, 'kitchen')).toMatchObject({ have: points - 100 })
})

test('[W7 A35] a change of the pool is never retroactive, and within a brand nobody owes anybody', async () => {
  await under('room')
  const viewer = 'eva'
  const room = (await buy(viewer, 'kitchen', 10_000)).account.balance.spendable
  await under('brand')
  const all = (await buy(viewer, 'kitchen', 10_000)).account.balance.spendable
  expect(await quote(viewer, 'kitchen')).toMatchObject({ have: all })
  expect(await quote(viewer, 'garage')).toMatchObject({ have: all - room })
  const held = await holdIn('kitchen', viewer, all)
  await post('/v1/checkout/capture', { viewer, order: held.order })
  expect(await call('/v1/settlement')).toEqual({ ok: true, lines: [] })
  expect(await call('/v1/conservation')).toMatchObject({ holds: true })
})
