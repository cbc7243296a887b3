import { afterAll, beforeAll, expect, test } from 'vitest'
import { PRESETS } from '../shared/rulebook/presets.ts'
import { systemClock } from './kernel/index.ts'
import { askApi } from './merchant.testing.ts'
import { startRedis, type TestRedis } from './redis/testing.ts'
import { startService, type TestService } from './service.testing.ts'

let redis: TestRedis
let service: TestService
beforeAll(async () => {
  redis = await startRedis()
  service = await startService({ redisUrl: redis.url, roles: 'gateway,api,worker' })
})
afterAll(async () => {
  await service?.stop()
  await redis?.stop()
})

const call = (path: string, body?: object, once?: string): Promise<unknown> =>
  askApi(service.apiUrl, path, { ...(body && { body }), ...(once !== undefined && { once }) })

test('[E11 002-16 003-10] over HTTP: a friend who joins and orders makes the invite due within a second or two', async () => {
  const invite = { due: ['registers', 'orders'], points: 100, invitedPoints: 20 }
  const book = { ...PRESETS.community, invite }
  const ok = { ok: true }
  expect(await call('/v1/rulebook', { book }, 'publish-1')).toMatchObject(ok)
  // Until the new rulebook is known everywhere it is refused, and a refusal is kept under its key.
  let tries = 0
  const invited = () =>
    call('/v1/invites', { inviter: 'ann', invited: 'ben' }, `invite-${100 + tries++}`)
  await expect.poll(invited, { timeout: 10_000 }).toMatchObject({ ...ok, points: 100 })
  const pending = { balance: { pending: 100, spendable: 0 } }
  expect(await call('/v1/accounts/ann/wallet')).toMatchObject(pending)
  const joined = { action: 'register', viewer: 'ben' }
  expect(await call('/v1/events', joined, 'register-1')).toMatchObject(ok)
  await systemClock.sleep(500)
  expect(await call('/v1/accounts/ann/wallet')).toMatchObject(pending)
  const order = { action: 'purchase', viewer: 'ben', amountFen: 1000, order: 'order-001' }
  expect(await call('/v1/events', order, 'purchase-1')).toMatchObject(ok)
  await expect
    .poll(() => call('/v1/accounts/ann/wallet'), { timeout: 10_000 })
    .toMatchObject({ balance: { pending: 0, spendable: 100 }, balanced: true })
  // 50 for the order, 10 a yuan, and what the invite brings.
  const bonus = { kind: 'moved', cause: 'invited' }
  await expect
    .poll(() => call('/v1/accounts/ben/history'), { timeout: 10_000 })
    .toMatchObject({ entries: expect.arrayContaining([expect.objectContaining(bonus)]) })
  expect(await call('/v1/accounts/ben')).toMatchObject({ account: { balance: { spendable: 170 } } })
})

test('[E13] over HTTP: after a merge what the friend does under the other number makes the invite due', async () => {
  const invited = await call('/v1/invites', { inviter: 'lea', invited: 'max' }, 'invite-lea')
  expect(invited).toMatchObject({ ok: true, points: 100 })
  const join = (viewer: string) =>
    call('/v1/events', { action: 'register', viewer }, `register-${viewer}`)
  const order = (viewer: string, id: string) =>
    call('/v1/events', { action: 'purchase', viewer, amountFen: 1000, order: id }, `buy-${id}`)
  // What the other account did before is not what the friend was asked for.
  expect(await join('max')).toMatchObject({ ok: true })
  expect(await order('maxine', 'order-of-maxine')).toMatchObject({ ok: true })
  const merge = { from: 'max', into: 'maxine' }
  expect(await call('/v1/merges', merge, 'merge-max')).toMatchObject({ state: 'active' })
  await systemClock.sleep(1500)
  expect(await call('/v1/accounts/lea/wallet')).toMatchObject({ balance: { pending: 100 } })
  expect(await order('maxine', 'order-after')).toMatchObject({ ok: true })
  await expect
    .poll(() => call('/v1/accounts/lea/wallet'), { timeout: 10_000 })
    .toMatchObject({ balance: { pending: 0, spendable: 100 }, balanced: true })
})
