/** What an operator's ticket opens, what it does not, and what is written down of it. */

import { beforeEach, describe, expect, test } from 'vitest'
import { formatAccount } from '../../shared/ids.ts'
import { MINUTE_MS } from '../../shared/time.ts'
import {
  findAccount,
  OPERATOR_DAY_MS,
  OPERATOR_LIFE_MS,
  resolveAccount,
  TICKET_LIFE_MS_MAX,
} from '../identity/index.ts'
import { setProfile } from '../identity/profile.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { type Ask, type Bench, createBench } from './bench.testing.ts'

let store: Store
let bench: Bench
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  bench = await createBench(store)
})

const ticketOf = async (claims: Parameters<Bench['ticket']>[0] = {}) =>
  String(await bench.ticket({ viewer: 'zhou-ning', role: 'operator', name: '周宁', ...claims }))
const as = (token: string, path: string, ask: Ask = {}) =>
  bench.ask(path, { ...ask, kid: 'none', headers: { authorization: `Bearer ${token}` } })
const signIn = (token: string) => as(token, '/v1/operator/session', { body: {} })
const buy = (viewer: string, key: string) =>
  bench.ask('/v1/events', { body: { action: 'purchase', viewer, amountFen: 10_000 }, key })
const spendableOf = ({ body }: { body: Record<string, unknown> }): number =>
  (body.balance as { spendable: number }).spendable

describe('signing in', () => {
  test('[I26] a ticket becomes a session that outlives it, says whose it is, and ends with the day', async () => {
    const first = await signIn(await ticketOf())
    expect(first.body).toMatchObject({
      operator: { id: 'zhou-ning', name: '周宁' },
      brand: 'acme',
      platform: true,
    })
    bench.passMs(OPERATOR_LIFE_MS - MINUTE_MS)
    let { token } = (await signIn(String(first.body.token))).body
    expect(OPERATOR_LIFE_MS).toBeGreaterThan(TICKET_LIFE_MS_MAX)
    const steps = Math.floor(OPERATOR_DAY_MS / (OPERATOR_LIFE_MS - MINUTE_MS)) - 1
    for (let i = 0; i < steps; i++) {
      bench.passMs(OPERATOR_LIFE_MS - MINUTE_MS)
      ;({ token } = (await signIn(String(token))).body)
    }
    bench.passMs(OPERATOR_LIFE_MS)
    expect(await signIn(String(token))).toMatchObject({
      status: 401,
      body: { code: 'ticket_expired' },
    })
  })

  test('[I26] revoking the ticket ends the sessions that grew from it', async () => {
    const { body } = await signIn(await ticketOf({ jti: 'j-op' }))
    bench.revoked.add('j-op')
    expect(await signIn(String(body.token))).toMatchObject({ body: { code: 'ticket_revoked' } })
  })

  test('[A40] tickets of viewers, hosts and stages open nothing of the console', async () => {
    await buy('alice', 'order-0001')
    for (const role of ['viewer', 'host', 'stage'] as const) {
      const ticket = await ticketOf({ role })
      for (const [path, ask] of [
        ['/v1/operator/session', { body: {} }],
        ['/v1/accounts/alice', {}],
        ['/v1/accounts/find', { body: { kind: 'viewer', value: 'alice' } }],
        ['/v1/accounts/named', { body: { name: 'Alice' } }],
        ['/v1/accounts/alice/adjust', { body: { points: 5, note: 'x' }, key: 'adjust-001' }],
        ['/v1/rewards', {}],
        ['/v1/webhooks', {}],
        ['/v1/conservation', {}],
      ] as const)
        expect(await as(ticket, path, ask), `${role} ${path}`).toMatchObject({
          status: 403,
          body: { code: 'forbidden' },
        })
    }
    expect(await as('x.y.z', '/v1/rewards')).toMatchObject({ status: 401 })
  })

  test('[A40] an operator is no server: what servers vouch for stays theirs', async () => {
    const ticket = await ticketOf()
    for (const [path, ask] of [
      ['/v1/events', { body: { action: 'purchase', viewer: 'a', amountFen: 1 }, key: 'event-001' }],
      ['/v1/tickets', { body: { viewer: 'a', name: 'a', role: 'operator' } }],
      ['/v1/revocations', { body: { viewer: 'a' } }],
      ['/v1/accounts/alice', { method: 'DELETE' }],
    ] as const)
      expect(await as(ticket, path, ask), path).toMatchObject({
        status: 401,
        body: { code: 'signature_invalid' },
      })
  })

  test('[A40] a server makes tickets for its operators without naming a room, and for nobody else', async () => {
    const made = await bench.ask('/v1/tickets', {
      body: { viewer: 'zhou-ning', name: '周宁', role: 'operator' },
    })
    expect(await signIn(String(made.body.ticket))).toMatchObject({ status: 200 })
    expect(
      await bench.ask('/v1/tickets', { body: { viewer: 'a', name: 'a', role: 'host' } }),
    ).toMatchObject({ status: 400, body: { field: 'room' } })
  })
})

describe('brand', () => {
  test('[A40 A42] what is of another brand does not exist for an operator; totals are the platform’s', async () => {
    const { body } = await buy('alice', 'order-0001')
    expect(body.ok).toBe(true)
    const number = String((await bench.ask('/v1/accounts/alice')).body.number)
    const other = await ticketOf({ brand: 'other' })
    for (const path of ['/v1/accounts/alice', `/v1/accounts/number:${number}`])
      expect(await as(other, path)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(
      await as(other, '/v1/accounts/find', { body: { kind: 'number', value: number } }),
    ).toMatchObject({ status: 404 })
    expect((await signIn(other)).body).toMatchObject({ platform: false })
    expect(await as(other, '/v1/conservation')).toMatchObject({ status: 403 })
    expect(await as(await ticketOf(), '/v1/conservation')).toMatchObject({
      status: 200,
      body: { holds: true },
    })
  })
})

describe('finding', () => {
  test('[A42 002-50] an account is found by viewer id, phone, OpenID, mall id and number', async () => {
    await buy('alice', 'order-0001')
    const link = (kind: string, value: string) =>
      bench.ask('/v1/accounts/alice/identities', { body: { kind, value } })
    await link('phone', '138 0013 8000')
    await link('openid', 'o-77')
    await link('mall', 'M-0042')
    const ticket = await ticketOf()
    const find = (kind: string, value: string) =>
      as(ticket, '/v1/accounts/find', { body: { kind, value } })
    const { body } = await find('viewer', 'alice')
    expect(body).toMatchObject({ viewer: 'alice', number: expect.stringMatching(/^[0-9a-z]{10}$/) })
    for (const [kind, value] of [
      ['phone', '+8613800138000'],
      ['openid', 'o-77'],
      ['mall', 'M-0042'],
      ['number', String(body.number).toUpperCase()],
    ] as const)
      expect((await find(kind, value)).body, kind).toEqual(body)
    expect(await find('phone', '13900139000')).toMatchObject({ status: 404 })
    expect(await find('phone', 'tomorrow')).toMatchObject({ status: 400, body: { field: 'value' } })
    expect(await find('number', 'zzzzzzzzzz')).toMatchObject({ status: 404 })
  })

  test('[A42] a name finds everybody who bears it, each once after a merge, and nobody of another brand', async () => {
    const call = async (viewer: string, name: string, brand = 'acme') => {
      await resolveAccount(bench.gate, { brand, kind: 'viewer', id: viewer })
      const account = await findAccount(bench.gate, { brand, kind: 'viewer', id: viewer })
      await setProfile(bench.gate, account ?? 0, { name, optOut: false })
      return formatAccount(account ?? 0)
    }
    const [one, two] = [await call('mei-1', '小美'), await call('mei-2', '小 美')]
    await call('mei-3', '小美', 'other')
    const ticket = await ticketOf()
    const named = async (name: string) =>
      (await as(ticket, '/v1/accounts/named', { body: { name } })).body
    const numbers = ({ accounts }: Record<string, unknown>) =>
      (accounts as { number: string }[]).map(({ number }) => number).sort()
    const found = await named('小美')
    expect(numbers(found)).toEqual([one, two].sort())
    expect(found.accounts).toContainEqual({
      number: two,
      name: '小 美',
      viewer: 'mei-2',
      sinceMs: expect.any(Number),
    })
    expect(await named('小')).toEqual({ ok: true, accounts: [] })
    await as(ticket, '/v1/merges', {
      body: { from: 'mei-2', into: 'mei-1' },
      key: 'merge-0001',
    })
    expect(numbers(await named('小美'))).toEqual([one])
    expect(await bench.ask('/v1/accounts/mei-1', { method: 'DELETE' })).toMatchObject({
      status: 200,
    })
    expect(await named('小美')).toEqual({ ok: true, accounts: [] })
    for (let i = 0; i < 21; i++) await call(`many-${i}`, 'Many')
    const many = await named('many')
    expect([numbers(many).length, many.more]).toEqual([20, true])
  })

  test('[A42] the number stands for the viewer wherever an account is named, also after a merge', async () => {
    await buy('alice', 'order-0001')
    await buy('bob', 'order-0002')
    const ticket = await ticketOf()
    const numberOf = async (viewer: string) =>
      `number:${(await bench.ask(`/v1/accounts/${viewer}`)).body.number}`
    const [alice, bob] = [await numberOf('alice'), await numberOf('bob')]
    for (const of of ['', '/wallet', '/history', '/statement', '/identities', '/redemptions'])
      expect(await as(ticket, `/v1/accounts/${alice}${of}`), of).toMatchObject({ status: 200 })
    const merged = await as(ticket, '/v1/merges', {
      body: { from: bob, into: alice },
      key: 'merge-0001',
    })
    expect(merged.body).toMatchObject({ ok: true, state: 'active' })
    const before = await as(ticket, `/v1/accounts/${bob}`)
    expect(`number:${before.body.number}`).toBe(alice)
    const merges = () => as(ticket, `/v1/accounts/${alice}/merges`)
    expect((await merges()).body).toMatchObject({
      merges: [{ merge: merged.body.merge, from: bob.slice('number:'.length), state: 'active' }],
    })
    await as(ticket, `/v1/merges/${merged.body.merge}/undo`, { method: 'POST' })
    expect((await merges()).body).toMatchObject({ merges: [] })
    expect(`number:${(await as(ticket, `/v1/accounts/${bob}`)).body.number}`).toBe(bob)
  })
})

test('[A41 A40] corrections carry the reason and who did it; a repeat changes nothing', async () => {
  await buy('alice', 'order-0001')
  const ticket = await ticketOf()
  const wallet = async () => spendableOf(await as(ticket, '/v1/accounts/alice/wallet'))
  const before = await wallet()
  const give = () =>
    as(ticket, '/v1/accounts/alice/adjust', {
      body: { points: 30, note: '补发分享积分' },
      key: 'adjust-0001',
    })
  const first = await give()
  expect(first.body).toMatchObject({ entry: { cause: 'adjusted', by: 'zhou-ning' } })
  expect((await give()).text).toBe(first.text)
  expect(await wallet()).toBe(before + 30)
  const take = await as(ticket, '/v1/accounts/alice/revoke', {
    body: { points: 10, note: '多发了' },
    key: 'revoke-0001',
  })
  expect(take.body).toMatchObject({ taken: 10, entry: { cause: 'revoked', by: 'zhou-ning' } })
  expect(
    await as(ticket, '/v1/accounts/alice/freeze', { body: { note: ' ' }, key: 'freeze-0001' }),
  ).toMatchObject({ status: 400, body: { field: 'note' } })
  const frozen = await as(ticket, '/v1/accounts/alice/freeze', {
    body: { note: '可疑' },
    key: 'freeze-0002',
  })
  expect(frozen.body).toMatchObject({ entry: { cause: 'frozen', by: 'zhou-ning' } })
})

test('[A40] an operator sees how the lives of the brand go, and no others', async () => {
  await bench.openRoom('r1')
  const path = '/v1/rooms/r1/now'
  expect((await as(await ticketOf(), path)).body).toMatchObject({
    live: { state: 'open' },
    audience: 0,
    heat: { level: 0 },
    asks: 0,
    safe: false,
  })
  expect((await as(await ticketOf({ brand: 'other' }), path)).status).toBe(404)
})

test('[A40] all lives of the brand come in one answer, with how many there are', async () => {
  for (const id of ['r1', 'r2', 'r3']) await bench.openRoom(id)
  const ticket = await ticketOf()
  const { body } = await as(ticket, '/v1/lives')
  expect(body.count).toBe(3)
  const { ok: _, ...now } = (await as(ticket, '/v1/rooms/r2/now')).body
  expect(body.rooms).toContainEqual(expect.objectContaining({ ...now, id: 'r2' }))
  expect((await as(await ticketOf({ brand: 'other' }), '/v1/lives')).body).toMatchObject({
    count: 0,
    rooms: [],
  })
})
