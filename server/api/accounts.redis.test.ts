import { beforeEach, expect, test } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { findAccount, viewerIdentity } from '../identity/index.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createApi } from './api.ts'
import { type Bench, createBench } from './bench.testing.ts'

let store: Store
let bench: Bench
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  bench = await createBench(store)
})

const path = (viewer: string) => `/v1/accounts/${viewer}/identities`
const link = (viewer: string, kind: string, value: string, kid = 's1') =>
  bench.ask(path(viewer), { body: { kind, value }, kid })
/** What the order earned, and the balance after it. */
async function buy(viewer: string, key: string) {
  const { body } = await bench.ask('/v1/events', {
    body: { action: 'purchase', viewer, amountFen: 1000 },
    key,
  })
  const { receipts, account } = body as unknown as Scored
  return {
    points: receipts.reduce((sum, { points }) => sum + points, 0),
    balance: account.balance.spendable,
  }
}

test('[A21 001-31 002-10 002-13] orders of mini-program, community and store go to one balance', async () => {
  expect(await link('mini-1', 'phone', '138 0013 8000')).toMatchObject({ body: { ok: true } })
  await link('mini-1', 'viewer', 'store-9')
  await link('mini-1', 'mall', 'M-0042')
  const first = await buy('mini-1', 'order-001')
  expect(first.balance).toBe(first.points)
  const second = await buy('store-9', 'order-002')
  expect(second.balance).toBe(first.points + second.points)
  // A ticket of a third channel that knows the phone only.
  await bench.openRoom()
  const { body } = await bench.ask('/v1/tickets', {
    body: { viewer: 'group-5', room: 'r1', name: 'A', ids: { phone: '+8613800138000' } },
  })
  const { admit } = await import('../identity/index.ts')
  const admitted = await admit(bench.gate, { ticket: String(body.ticket) }, bench.deps.clock.now())
  expect(admitted.ok).toBe(true)
  const third = await buy('group-5', 'order-003')
  expect(third.balance).toBe(second.balance + third.points)
})

test('[A11 002-57] a good deed that a server vouches for pays by its rule, once each, and its quest counts what was done', async () => {
  const book = Rulebook.parse(PRESETS.community)
  bench = await createBench(store, {
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
  })
  const vouch = async (key: string, category: string) => {
    const body = { action: 'deed', viewer: 'alice', category }
    const told = await bench.ask('/v1/events', { body, key })
    return (told.body as unknown as Scored).receipts.map(({ rule, points }) => [rule, points])
  }
  expect(await vouch('sorted-001', 'waste_sorting')).toContainEqual(['deed', 20])
  expect(await vouch('sorted-001', 'waste_sorting')).toContainEqual(['deed', 20])
  expect(await vouch('sorted-002', 'waste_sorting')).toContainEqual(['deed', 20])
  expect(await vouch('helped-001', 'neighbour_help')).toContainEqual(['deed', 20])
  const third = await vouch('sorted-003', 'waste_sorting')
  expect(third).toContainEqual(['waste_week', 30])
  expect(third).toContainEqual(['deed', 0])
})

test('[E21 002-01] an order of one fen earns what a fen does, and is no order to rules, quests and invites', async () => {
  const book = Rulebook.parse({
    ...PRESETS.community,
    earn: PRESETS.community.earn.map((rule) => ({ ...rule, enabled: true })),
  })
  bench = await createBench(store, {
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
  })
  const bought = async (viewer: string, amountFen: number) => {
    const body = { action: 'purchase', viewer, amountFen }
    const told = await bench.ask('/v1/events', { body, key: `order-${viewer}-${amountFen}` })
    const { receipts, account } = told.body as unknown as Scored
    return { rules: receipts.map(({ rule }) => rule), growth: account.tier.growth }
  }
  expect(await bought('alice', 1)).toEqual({ rules: ['purchase'], growth: 0 })
  expect(await bought('alice', 989)).toEqual({ rules: ['purchase'], growth: 9 })
  expect((await bought('alice', 990)).rules).toEqual(['purchase', 'order', 'order_bonus'])
  const invite = { inviter: 'bo', invited: 'cleo' }
  await bench.ask('/v1/invites', { body: invite, key: 'invite-bo-cleo' })
  const settled = async () => (await bench.ask('/v1/accounts/bo/wallet')).body
  await bought('cleo', 1)
  expect(await settled()).toMatchObject({ balance: { spendable: 0 } })
})

test('[A21] kinds are listed, never values; the last one stays', async () => {
  await link('alice', 'openid', 'oSECRET-openid')
  const listed = await bench.ask(path('alice'))
  expect(listed.body).toMatchObject({ identities: [{ kind: 'viewer' }, { kind: 'openid' }] })
  expect(listed.text).not.toContain('SECRET')
  const unlink = (kind: string, value: string) =>
    bench.ask(path('alice'), { method: 'DELETE', body: { kind, value } })
  expect(await unlink('openid', 'oSECRET-openid')).toMatchObject({ status: 200 })
  expect(await unlink('openid', 'oSECRET-openid')).toMatchObject({ status: 404 })
  expect(await unlink('viewer', 'alice')).toMatchObject({
    status: 409,
    body: { code: 'identity_last' },
  })
})

test('[A21] what belongs to another account is refused, and brands do not meet', async () => {
  await link('alice', 'phone', '13800138000')
  expect(await link('bob', 'phone', '+8613800138000')).toMatchObject({
    status: 409,
    body: { code: 'identity_taken', field: 'value' },
  })
  expect(await link('bob', 'phone', '13800138000', 's9')).toMatchObject({ status: 200 })
  expect(await bench.ask(path('alice'), { kid: 's9' })).toMatchObject({ status: 404 })
  expect(await link('bob', 'phone', '12345')).toMatchObject({
    status: 400,
    body: { code: 'bad_request', field: 'value' },
  })
})

test('[A14 A22] an order is refunded by parts under its own id, and answers a repeat byte for byte', async () => {
  const bought = await bench.ask('/v1/events', {
    body: { action: 'purchase', viewer: 'alice', amountFen: 10_000, order: 'SO-77' },
    key: 'event-001',
  })
  expect(bought.body).toMatchObject({ account: { tier: { growth: 120 } } })
  const refund = (key: string, body: Record<string, unknown> = {}, order = 'SO-77', kid = 's1') =>
    bench.ask(`/v1/orders/${order}/refund`, { body, key, kid })
  const part = await refund('refund-01', { amountFen: 2_500 })
  expect(part.body).toMatchObject({
    amountFen: 2_500,
    refundedFen: 2_500,
    points: { due: 25, taken: 25 },
    growth: { due: 30, taken: 30 },
    withholdFen: 0,
  })
  expect((await refund('refund-01', { amountFen: 2_500 })).text).toBe(part.text)
  expect(await refund('refund-02', { amountFen: 7_501 })).toMatchObject({
    status: 409,
    body: { code: 'refund_too_much', field: 'amountFen' },
  })
  expect((await refund('refund-03')).body).toMatchObject({ refundedFen: 10_000 })
  expect((await bench.ask('/v1/accounts/alice')).body).toMatchObject({
    account: { balance: { spendable: 0 }, tier: { growth: 0, rung: 0 } },
  })
  expect(await refund('refund-04', {}, 'SO-78')).toMatchObject({ status: 404 })
  expect(await refund('refund-05', {}, 'SO-77', 's9')).toMatchObject({ status: 404 })
})

test('[A23] two accounts become one over the API, an order of the first is refunded from it, and an undo parts them again', async () => {
  await buy('alice', 'order-001')
  await buy('bob', 'order-002')
  await link('alice', 'phone', '13800138000')
  expect((await link('bob', 'phone', '13800138000')).body).toMatchObject({ code: 'identity_taken' })
  const merge = (key: string) =>
    bench.ask('/v1/merges', {
      body: { from: { kind: 'phone', value: '13800138000' }, into: 'bob' },
      key,
    })
  const merged = await merge('merge-001')
  expect(merged.body).toMatchObject({ state: 'active', moved: { growth: 30 } })
  expect((await merge('merge-001')).text).toBe(merged.text)
  expect(await merge('merge-002')).toMatchObject({ status: 409, body: { code: 'already_one' } })
  const of = async (viewer: string) => (await bench.ask(`/v1/accounts/${viewer}`)).body
  expect((await of('alice')).number).toBe((await of('bob')).number)
  expect(await of('bob')).toMatchObject({ account: { tier: { growth: 60 } } })
  const historyOf = (viewer: string, number: unknown) =>
    bench.ask(`/v1/accounts/${viewer}/history?number=${number}`)
  expect((await historyOf('bob', merged.body.from)).body).toMatchObject({ ok: true })
  expect(await historyOf('bob', '0000000001')).toMatchObject({
    status: 404,
    body: { field: 'number' },
  })
  // Of what moved, the order's part goes where it is now.
  const refund = await bench.ask('/v1/orders/order-001/refund', { body: {}, key: 'refund-001' })
  expect(refund.body).toMatchObject({ growth: { due: 30, taken: 30 } })
  const id = String(merged.body.merge)
  expect(await bench.ask(`/v1/merges/${id}`, { kid: 's9' })).toMatchObject({ status: 404 })
  const undone = await bench.ask(`/v1/merges/${id}/undo`, { method: 'POST' })
  expect(undone.body).toMatchObject({ state: 'undone', back: { growth: 30 } })
  expect((await of('alice')).number).not.toBe((await of('bob')).number)
  expect(await historyOf('bob', merged.body.from)).toMatchObject({ status: 404 })
  expect((await bench.ask('/v1/conservation')).body).toMatchObject({ ok: true })
})

test('[A30 A23] what an account held or paid at the checkout before it was merged is captured and refunded after it', async () => {
  const adjust = { points: 1000, note: 'to begin with' }
  const post = (path: string, body: object, key: string) => bench.ask(path, { body, key })
  await buy('alice', 'order-001')
  expect((await post('/v1/accounts/alice/adjust', adjust, 'adjust-01')).body.ok).toBe(true)
  await buy('bob', 'order-002')
  const order = (no: number) => ({ viewer: 'alice', order: `SO-${no}` })
  const amount = { amountFen: 100_000, points: 300 }
  for (const no of [1, 2, 3])
    expect(
      (await post('/v1/checkout/hold', { ...order(no), ...amount }, `hold-00${no}`)).body.ok,
    ).toBe(true)
  expect((await post('/v1/checkout/capture', order(1), 'capture-01')).body).toMatchObject({
    captured: 300,
  })
  await link('alice', 'phone', '13800138000')
  const from = { kind: 'phone', value: '13800138000' }
  expect((await post('/v1/merges', { from, into: 'bob' }, 'merge-001')).body.ok).toBe(true)

  const mine = { viewer: 'bob', order: 'SO-1' }
  expect(
    (await post('/v1/checkout/refund', { ...mine, points: 100 }, 'refund-01')).body,
  ).toMatchObject({
    ...{ ok: true, captured: 300, refunded: 100 },
  })
  expect((await post('/v1/checkout/capture', order(2), 'capture-02')).body).toMatchObject({
    captured: 300,
  })
  // A repeat of a hold is the hold that there is, not a second one.
  expect(
    (await post('/v1/checkout/hold', { ...order(3), ...amount }, 'hold-again')).body,
  ).toMatchObject({
    ...{ ok: true, state: 'open', points: 300 },
  })
  expect((await post('/v1/checkout/void', order(3), 'void-0003')).body).toMatchObject({
    state: 'voided',
  })
  expect((await bench.ask('/v1/conservation')).body).toMatchObject({ holds: true })
})

test('[RW34 A23] what was redeemed before a merge is listed, paid in cash and refunded over the API after it', async () => {
  const post = (path: string, body: object, key?: string) =>
    bench.ask(path, { body, ...(key !== undefined && { key }) })
  await bench.openRoom()
  await buy('alice', 'order-001')
  await buy('bob', 'order-002')
  await post('/v1/accounts/alice/adjust', { points: 2000, note: 'to begin with' }, 'adjust-01')
  const title = { zh: '燕麦', en: 'Oats' }
  const doc = { title, kind: 'item', points: 1800, cashFen: 990, worthFen: 2990 }
  expect((await post('/v1/rewards/oats', doc)).body).toMatchObject({ ok: true })
  const alice = must(
    await findAccount(bench.gate, viewerIdentity({ brand: 'acme', viewer: 'alice' })),
    'alice',
  )
  const wish = { brand: 'acme', room: 'r1', live: 0, account: alice, id: 'wish-0001' }
  const tapped = await bench.deps.rewards.redemptions.redeem({ ...wish, reward: 'oats' })
  expect(tapped).toMatchObject({ redemption: { state: 'awaiting_cash' } })
  await link('alice', 'phone', '13800138000')
  const from = { kind: 'phone', value: '13800138000' }
  expect((await post('/v1/merges', { from, into: 'bob' }, 'merge-001')).body.ok).toBe(true)

  expect((await bench.ask('/v1/accounts/bob/redemptions')).body).toMatchObject({
    redemptions: [{ id: 'wish-0001', state: 'awaiting_cash' }],
  })
  const at = '/v1/accounts/bob/redemptions/wish-0001'
  const long = `/v1/accounts/bob/redemptions/${'x'.repeat(64)}`
  expect(await bench.ask(`${long}/refund`, { body: {} })).toMatchObject({
    status: 400,
    body: { code: 'bad_request', field: 'redemption' },
  })
  expect((await post(`${at}/cash`, { order: 'SO-1' })).body).toMatchObject({
    redemption: { state: 'issued' },
  })
  expect((await post(`${at}/refund`, {})).body).toMatchObject({ redemption: { state: 'refunded' } })
  expect((await bench.ask('/v1/conservation')).body).toMatchObject({ holds: true })
})

test('[I11 A23] erasing a person destroys reasons and profiles of every account merged into theirs, and a repeat finishes one that was cut off', async () => {
  const person = async () => {
    bench = await createBench(store)
    const adjust = (viewer: string) =>
      bench.ask(`/v1/accounts/${viewer}/adjust`, {
        body: { points: 5, note: `a word of ${viewer}` },
        key: `adjust-${viewer}`,
      })
    await buy('alice', 'order-001')
    await buy('bob', 'order-002')
    await adjust('alice')
    await adjust('bob')
    await link('alice', 'phone', '13800138000')
    await link('bob', 'openid', 'o-bob')
    const from = { kind: 'phone', value: '13800138000' }
    await bench.ask('/v1/merges', { body: { from, into: 'bob' }, key: 'merge-001' })
  }
  const erase = (api = bench.api) => {
    const request = { method: 'DELETE', path: '/v1/accounts/bob', body: '' }
    const headers = { 'x-fanfare-signature': bench.sign('s1', request) }
    const { method, path } = request
    return api.fetch(new Request(`http://localhost${path}`, { method, headers }), '203.0.113.5')
  }
  const known = async () => {
    const about = (await store.keys('*')).filter((key) => /:(notes|note-seal|whose):/.test(key))
    const phone = { brand: 'acme', kind: 'phone', id: '+8613800138000' } as const
    return { about, phone: await findAccount(bench.gate, phone) }
  }
  await person()
  expect((await known()).about).toHaveLength(6)
  for (let calls = 0, cut = true; cut; calls += 2) {
    await person()
    const gate = { ...bench.gate, store: dyingAfter(store, calls) }
    cut = (await erase(createApi({ ...bench.deps, gate }))).status === 500
    expect([200, 404]).toContain((await erase()).status)
    expect(await known()).toEqual({ about: [], phone: undefined })
  }
})
