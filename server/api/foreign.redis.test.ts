/** What is one brand's does not exist for another, by whatever route its ids are tried. */

import { expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { type Bench, createBench } from './bench.testing.ts'
import { routes } from './routes/index.ts'

let store: Store
useRedis(async (server) => {
  store = await server.connect()
})

const both = (text: string) => ({ zh: text, en: text })
const reward = { title: both('粥'), kind: 'coupon', points: 10, worthFen: 10 }
const note = { note: 'a reason' }

/** A body that passes the schema; routes that are not here need none. */
const BODIES: Record<string, object> = {
  'POST /v1/rooms/{room}/host': { host: 'thief' },
  'POST /v1/rooms/{room}/rung': { rung: 1 },
  'POST /v1/rooms/{room}/club/tasks/{task}/end': {},
  'POST /v1/rooms/{room}/replay': { url: 'https://shop.example/replay' },
  'POST /v1/accounts/{viewer}/freeze': note,
  'POST /v1/accounts/{viewer}/unfreeze': note,
  'POST /v1/accounts/{viewer}/adjust': { points: 5, ...note },
  'POST /v1/accounts/{viewer}/revoke': { points: 5, ...note },
  'POST /v1/accounts/{viewer}/gifts': { to: 'thief', points: 5 },
  'POST /v1/accounts/{viewer}/identities': { kind: 'phone', value: '13800138000' },
  'DELETE /v1/accounts/{viewer}/identities': { kind: 'viewer', value: 'alice' },
  'POST /v1/accounts/{viewer}/birthday': { birthday: { month: 2, day: 29 } },
  'POST /v1/accounts/{viewer}/redemptions/{redemption}/cash': { order: 'order-1' },
  'POST /v1/accounts/{viewer}/redemptions/{redemption}/refund': {},
  'POST /v1/orders/{id}/refund': {},
  'POST /v1/rewards/{reward}': reward,
  'POST /v1/rewards/{reward}/sales': { id: 'sale-2', pieces: 1 },
  'POST /v1/rewards/{reward}/deliveries': { id: 'sale-3', pieces: 1 },
  'POST /v1/rewards/{reward}/flash': { room: 'own', seconds: 60 },
  'POST /v1/pickup/points/{point}/clerks': { label: 'thief' },
}
const QUERIES: Record<string, string> = {
  'GET /v1/pickup/points/{point}/list': '?day=2026-10-01',
}
/** Of every brand, or refused before anything is looked up. */
const NOBODYS = new Set(['POST /v1/sales/{day}'])
/** Nothing was given up here. */
const NONE = 'GET /v1/webhooks/dead/{name}'
const ACCESS = new Set(['signed', 'operator', 'host', 'platform'])

/** Something of everything, all of it of the brand acme, by the name of the parameter that leads to it. */
async function belongings({ ask, openRoom }: Bench) {
  await openRoom('r1')
  const made = async (path: string, body: object, key?: string) => {
    const told = await ask(path, { body, ...(key !== undefined && { key }) })
    expect(told.status, `${path} ${told.text}`).toBe(200)
    return told.body
  }
  for (const viewer of ['alice', 'bob', 'carol'])
    await made(
      '/v1/events',
      { action: 'purchase', viewer, amountFen: 50_000, order: `order-${viewer}` },
      `event-${viewer}`,
    )
  const { number } = await made('/v1/accounts/find', { kind: 'viewer', value: 'alice' })
  const { merge } = await made('/v1/merges', { from: 'carol', into: 'bob' }, 'merge-01')
  await made('/v1/pickup/points', { id: 'p1', name: both('北门') })
  const { id: clerk } = await made('/v1/pickup/points/p1/clerks', { label: 'Mo' })
  await made('/v1/rewards/oats', { ...reward, flash: {}, stock: { kind: 'fixed', pieces: 5 } })
  await made('/v1/rewards/oats/sales', { id: 'sale-1', pieces: 1 })
  const hook = { url: 'https://shop.example/hook', events: ['ping'] }
  const { webhook } = await made('/v1/webhooks', hook)
  return {
    room: 'r1',
    viewer: `number:${number}`,
    point: 'p1',
    clerk,
    reward: 'oats',
    sale: 'sale-1',
    redemption: 'wish-0001',
    experiment: 'any',
    task: 1,
    name: 'any',
    idOf: (path: string): string => {
      if (path.startsWith('/v1/merges')) return String(merge)
      return path.startsWith('/v1/orders') ? 'order-alice' : (webhook as { id: string }).id
    },
  }
}

test("[A6] no route leads to another brand's rooms, accounts, rewards, points, merges, orders or webhooks", async () => {
  const bench = await createBench(store)
  const known = await belongings(bench)
  await bench.openRoom('own', 's9')
  const named = routes
    .map(({ spec }) => spec)
    .filter(({ access, path }) => path.includes('{') && ACCESS.has(access))
  const tried = []
  for (const { method, path } of named) {
    const name = `${method} ${path}`
    if (NOBODYS.has(name)) continue
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, of: string) =>
      of === 'id' ? known.idOf(path) : String(must(known[of as keyof typeof known], of)),
    )
    const asked = `${filled}${QUERIES[name] ?? ''}`
    if (method === 'GET' && name !== NONE)
      expect((await bench.ask(asked)).status, `${name} of the own brand`).toBe(200)
    const { status, body } = await bench.ask(asked, {
      method,
      kid: 's9',
      key: `foreign-${tried.length}`,
      ...(BODIES[name] && { body: BODIES[name] }),
    })
    tried.push({ name, found: status, code: body.code })
  }
  const hidden = tried.filter(({ found }) => found === 404 || found === 403)
  expect(tried.filter((one) => !hidden.includes(one))).toEqual([])
  expect(hidden.length).toBeGreaterThan(50)
  // What its owner sees is there, and as it was.
  expect((await bench.ask(`/v1/accounts/${known.viewer}/wallet`)).body).toMatchObject({
    frozen: false,
    balance: { spendable: 500 },
  })
  expect((await bench.ask('/v1/rewards/oats')).body).toMatchObject({
    reward: { version: 1, stock: { left: 4 } },
  })
  expect((await bench.ask('/v1/rooms/r1')).body).toMatchObject({
    room: { host: '', rung: 0, live: { state: 'open' } },
  })
})
