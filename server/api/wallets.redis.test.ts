import { beforeEach, describe, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { findAccount, viewerIdentity } from '../identity/index.ts'
import { must, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { brandNumber } from '../rooms/index.ts'
import { type Bench, createBench, NOW } from './bench.testing.ts'

let store: Store
let bench: Bench
let key = 0
useRedis(async (server) => {
  store = await server.connect()
})

const withWallet = async (wallet: Record<string, unknown> = {}) => {
  const book = Rulebook.parse({ ...PRESETS.live, wallet })
  bench = await createBench(store, {
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
  })
}
beforeEach(() => withWallet())

const post = async (path: string, body: object, more: { key?: string; kid?: string } = {}) => {
  const answer = await bench.ask(path, { body, key: `request-${key++}`, ...more })
  return answer.body
}
const give = async (viewer: string, points: number, kid = 's1') => {
  await post('/v1/events', { action: 'browse', viewer }, { kid })
  await post(`/v1/accounts/${viewer}/adjust`, { points, note: 'welcome' }, { kid })
}
const walletOf = async (viewer: string) => (await bench.ask(`/v1/accounts/${viewer}/wallet`)).body

describe('checkout', () => {
  const hold = (more: object = {}) =>
    post('/v1/checkout/hold', {
      viewer: 'alice',
      order: 'o1',
      amountFen: 5000,
      points: 1800,
      ...more,
    })

  test('[A48 001-20 003-14] 100 points are 1 yuan: quote, hold, capture in part, refund', async () => {
    await give('alice', 3000)
    expect(await post('/v1/checkout/quote', { viewer: 'alice', amountFen: 5000 })).toMatchObject({
      points: 3000,
      offsetFen: 3000,
      restFen: 2000,
      have: 3000,
    })
    expect(await hold()).toMatchObject({ ok: true, state: 'open', points: 1800 })
    expect(await walletOf('alice')).toMatchObject({
      balance: { spendable: 1200, held: 1800 },
      balanced: true,
      holds: [{ id: 'order-o1', use: 'checkout', subject: 'o1', points: 1800 }],
    })
    const captured = await post('/v1/checkout/capture', {
      viewer: 'alice',
      order: 'o1',
      points: 800,
    })
    expect(captured).toMatchObject({ state: 'captured', captured: 800 })
    expect(await walletOf('alice')).toMatchObject({
      balance: { spendable: 2200, held: 0 },
      holds: [],
    })
    const refund = { viewer: 'alice', order: 'o1', points: 300 }
    expect(await post('/v1/checkout/refund', refund)).toMatchObject({ refunded: 300 })
    const { number } = await walletOf('alice')
    expect((await bench.ask(`/v1/conservation?number=${number}`)).body).toMatchObject({
      holds: true,
      totals: { issued: 3000, spendable: 2500, spent: 500 },
    })
    expect(await post('/v1/checkout/refund', { ...refund, points: 501 })).toMatchObject({
      code: 'points_short',
      have: 500,
    })
    expect(await walletOf('alice')).toMatchObject({ balance: { spendable: 2500 }, balanced: true })
  })

  test('[A48] capture after the deadline, twice, or after a void is refused and changes nothing', async () => {
    await give('alice', 3000)
    const named = { viewer: 'alice', order: 'o1' }
    await hold({ forSec: 10 })
    bench.passMs(10_001)
    expect(await post('/v1/checkout/capture', named)).toMatchObject({ code: 'hold_expired' })
    expect(await post('/v1/checkout/void', named)).toMatchObject({ state: 'voided' })
    expect(await post('/v1/checkout/capture', named)).toMatchObject({ code: 'hold_closed' })
    await hold({ order: 'o2' })
    const second = { viewer: 'alice', order: 'o2' }
    expect(await post('/v1/checkout/capture', second, { key: 'capture-o2' })).toMatchObject({
      captured: 1800,
    })
    expect(await post('/v1/checkout/capture', second, { key: 'capture-o2' })).toMatchObject({
      captured: 1800,
    })
    expect(await post('/v1/checkout/capture', second)).toMatchObject({ code: 'hold_closed' })
    expect(await post('/v1/checkout/void', second)).toMatchObject({ code: 'hold_closed' })
    expect(await walletOf('alice')).toMatchObject({ balance: { spendable: 1200, held: 0 } })
  })

  test('[A31] the rulebook says how much of an order points may pay', async () => {
    await withWallet({ checkout: { maxShare: 0.5, minPoints: 200, maxPoints: 2000 } })
    await give('alice', 3000)
    expect(await post('/v1/checkout/quote', { viewer: 'alice', amountFen: 3000 })).toMatchObject({
      points: 1500,
    })
    expect(await post('/v1/checkout/quote', { viewer: 'alice', amountFen: 300 })).toMatchObject({
      points: 0,
      restFen: 300,
    })
    expect(await hold({ amountFen: 3000, points: 1501 })).toMatchObject({
      code: 'checkout_limit',
      have: 1500,
    })
    expect(await hold({ amountFen: 9000, points: 2001 })).toMatchObject({
      code: 'checkout_limit',
      have: 2000,
    })
    expect(await hold({ points: 199 })).toMatchObject({ code: 'checkout_limit', have: 200 })
  })

  test("[A32] one brand's shop neither sees nor spends what another brand has issued", async () => {
    await give('alice', 3000)
    await give('alice', 50, 's9')
    const quoted = await post(
      '/v1/checkout/quote',
      { viewer: 'alice', amountFen: 5000 },
      { kid: 's9' },
    )
    expect(quoted).toMatchObject({ have: 50 })
  })
})

test('[A31] what an order has put aside is told again, captured and given back as it was, whatever bounds are published since', async () => {
  await give('alice', 3000)
  const order = { viewer: 'alice', order: 'o1' }
  const asked = { ...order, amountFen: 5000, points: 1800 }
  const first = await post('/v1/checkout/hold', asked)
  expect(first).toMatchObject({ ok: true, state: 'open', points: 1800 })
  const { wallet, redemption } = bench.deps.rulebook().book
  Object.assign(wallet.checkout, { minPoints: 2000, maxPoints: 2500, maxShare: 0.1 })
  redemption.factor = 0.5
  expect(await post('/v1/checkout/hold', { ...asked, order: 'o2' })).toMatchObject({
    ...{ code: 'checkout_limit', have: 2000 },
  })
  expect(await post('/v1/checkout/hold', asked)).toEqual(first)
  expect(await post('/v1/checkout/hold', { ...asked, points: 1700 })).toMatchObject({
    code: 'id_conflict',
  })
  expect(await post('/v1/checkout/capture', { ...order, points: 1000 })).toMatchObject({
    captured: 1000,
  })
  expect(await post('/v1/checkout/refund', { ...order, points: 10 })).toMatchObject({
    refunded: 10,
  })
  expect(await walletOf('alice')).toMatchObject({ balance: { spendable: 2010, held: 0 } })
})

test('[A36 003-32] where the rulebook renews, a purchase makes as many points last as it cost yuan', async () => {
  await withWallet({ renewal: 'spend', expiry: { kind: 'rolling', months: 24 } })
  await give('alice', 500)
  bench.passMs(200 * 86_400_000)
  await post('/v1/events', { action: 'purchase', viewer: 'alice', amountFen: 12_000 })
  const lots = (await walletOf('alice')).lots as { points: number; expires: string }[]
  const months = [...new Set(lots.map(({ expires }) => expires))].sort()
  expect(months).toHaveLength(2)
  const lasting = (month: string | undefined) =>
    lots.reduce((sum, lot) => sum + (lot.expires === month ? lot.points : 0), 0)
  // 120 of them renewed, and 120 more that the purchase paid.
  expect(lasting(months[0])).toBe(380)
  expect(lasting(months[1])).toBe(240)
})

test('[A36 W16] an order that is reported again under another key renews no more points', async () => {
  await withWallet({ renewal: 'spend', expiry: { kind: 'rolling', months: 24 } })
  await give('alice', 500)
  bench.passMs(200 * 86_400_000)
  const order = { action: 'purchase', viewer: 'alice', amountFen: 12_000, order: 'o1' }
  await post('/v1/events', order)
  const { lots } = await walletOf('alice')
  expect(await post('/v1/events', order)).toMatchObject({ ok: true, dup: true })
  expect((await walletOf('alice')).lots).toEqual(lots)
})

describe('operators', () => {
  test('[A33 002-43] freeze, unfreeze, adjust and revoke carry a reason, once per key', async () => {
    await give('alice', 500)
    const freeze = { note: 'three devices at once' }
    const frozen = await post('/v1/accounts/alice/freeze', freeze, { key: 'freeze-it' })
    expect(frozen).toMatchObject({ entry: { cause: 'frozen', by: 's1' } })
    expect(await post('/v1/accounts/alice/freeze', freeze, { key: 'freeze-it' })).toEqual(frozen)
    expect(await walletOf('alice')).toMatchObject({
      frozen: true,
      balance: { spendable: 0, frozen: 500 },
    })
    const revoked = await post('/v1/accounts/alice/revoke', { points: 200, note: 'farmed' })
    expect(revoked).toMatchObject({ taken: 200, entry: { cause: 'revoked' } })
    await post('/v1/accounts/alice/unfreeze', { note: 'talked to her' })
    expect(await walletOf('alice')).toMatchObject({ frozen: false, balance: { spendable: 300 } })
    const more = { points: 301, note: 'all of it' }
    expect(await post('/v1/accounts/alice/revoke', more)).toMatchObject({
      code: 'points_short',
      have: 300,
    })
    expect(await post('/v1/accounts/alice/revoke', { ...more, partial: true })).toMatchObject({
      taken: 300,
    })
    expect(await post('/v1/accounts/alice/revoke', { points: 1 })).toMatchObject({
      code: 'bad_request',
      field: 'note',
    })
  })
})

describe('gifts', () => {
  const allow = (more: object = {}) => ({
    transfer: { kind: 'allowWithin', dailyCap: 500, perPairCap: 300, ...more },
  })
  const gift = (to: string, points: number) => post('/v1/accounts/alice/gifts', { to, points })

  test('[A34 003-35] are off by default', async () => {
    await give('alice', 500)
    expect(await gift('bob', 100)).toMatchObject({ code: 'gifts_off' })
  })

  test('[A34 001-24 003-22] where they are on they arrive at once, in the same lots, within every limit', async () => {
    await withWallet(allow({ feeBps: 1000 }))
    await give('alice', 1000)
    expect(await gift('bob', 200)).toMatchObject({ ok: true, fee: 20 })
    expect(await walletOf('bob')).toMatchObject({ balance: { spendable: 200 }, balanced: true })
    expect(await walletOf('alice')).toMatchObject({
      balance: { spendable: 780, held: 0 },
      balanced: true,
    })
    const lotOf = async (viewer: string) =>
      ((await walletOf(viewer)).lots as { expires: string }[])[0]?.expires
    expect(await lotOf('bob')).toBe(await lotOf('alice'))
    expect(await gift('bob', 101)).toMatchObject({
      code: 'gift_limit',
      field: 'perPairCap',
      have: 100,
    })
    expect(await gift('carol', 301)).toMatchObject({
      code: 'gift_limit',
      field: 'dailyCap',
      have: 300,
    })
    expect(await gift('carol', 300)).toMatchObject({ ok: true })
    expect(await gift('dave', 1)).toMatchObject({ code: 'gift_limit', field: 'dailyCap', have: 0 })
    bench.passMs(86_400_000)
    expect(await gift('dave', 1)).toMatchObject({ ok: true })
    expect(await gift('alice', 1)).toMatchObject({ code: 'bad_request', field: 'to' })
    const { totals } = (await bench.ask('/v1/conservation')).body as {
      totals: Record<string, number>
    }
    expect(totals.transferredIn).toBe(totals.transferredOut)
    expect((await bench.ask('/v1/conservation')).body).toMatchObject({ holds: true })
  })

  test('[A34] what is refused counts against no limit, and a repeat gives once', async () => {
    await withWallet(allow())
    await give('alice', 200)
    expect(await gift('bob', 250)).toMatchObject({ code: 'points_short', have: 200 })
    const give200 = () =>
      post('/v1/accounts/alice/gifts', { to: 'bob', points: 200 }, { key: 'one-gift' })
    expect(await give200()).toMatchObject({ ok: true })
    expect(await give200()).toMatchObject({ ok: true })
    expect(await walletOf('bob')).toMatchObject({ balance: { spendable: 200 } })
  })

  test('[A34] an account must be as old as the rulebook says, and stand as high', async () => {
    await withWallet(allow({ minAccountAgeDays: 2 }))
    await give('alice', 200)
    // Identities are noted by the partition's own clock, which this stand does not set.
    bench.passMs(systemClock.now() - NOW + 60_000)
    expect(await gift('bob', 10)).toMatchObject({ field: 'minAccountAgeDays', have: 0 })
    bench.passMs(86_400_000)
    expect(await gift('bob', 10)).toMatchObject({ field: 'minAccountAgeDays', have: 1 })
    bench.passMs(86_400_000)
    expect(await gift('bob', 10)).toMatchObject({ ok: true })
    await withWallet(allow({ minTier: 4 }))
    await give('alice', 200)
    expect(await gift('bob', 10)).toMatchObject({ code: 'gift_limit', field: 'minTier' })
  })

  test('[A34] received points rest before they may be given on', async () => {
    await withWallet(allow({ coolOffHours: 2 }))
    await give('alice', 200)
    await gift('bob', 100)
    const on = () => post('/v1/accounts/bob/gifts', { to: 'carol', points: 10 })
    expect(await on()).toMatchObject({
      code: 'gift_limit',
      field: 'coolOffHours',
      afterMs: 7_200_000,
    })
    bench.passMs(7_200_001)
    expect(await on()).toMatchObject({ ok: true })
  })
})

test('[A35 002-36 002-37] in a coalition points of one brand pay at another, and the report says who owes whom', async () => {
  await withWallet({ pool: 'coalition', coalition: ['acme', 'other'] })
  await give('alice', 500)
  const viewer = viewerIdentity({ brand: 'acme', viewer: 'alice' })
  const account = must(await findAccount(bench.gate, viewer), 'an account')
  const at = await brandNumber(store, 'other')
  const shopping = {
    account,
    id: 'order-1',
    points: 400,
    forMs: 1000,
    use: 'checkout' as const,
    at,
  }
  expect(await bench.deps.wallets.hold(shopping)).toMatchObject({ ok: true })
  await bench.deps.wallets.capture(shopping)
  await bench.deps.wallets.refund({ ...shopping, refundId: 'back', points: 100 })
  expect((await bench.ask('/v1/settlement')).body).toEqual({
    ok: true,
    lines: [{ owes: 'acme', to: 'other', points: 300, fen: 300 }],
  })
})
