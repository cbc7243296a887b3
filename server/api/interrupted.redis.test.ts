/** Requests whose answer was lost, repeated under their key when the accounts that they name have become one. */

import { beforeEach, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { type Bench, createBench } from './bench.testing.ts'
import { onceKey } from './keys.ts'

let store: Store
let bench: Bench
useRedis(async (server) => {
  store = await server.connect()
})
const book = Rulebook.parse({
  ...PRESETS.community,
  wallet: { transfer: { kind: 'allowWithin', dailyCap: 5000, perPairCap: 5000, feeBps: 1000 } },
})
beforeEach(async () => {
  bench = await createBench(store, {
    rulebook: () => ({ version: 1, book, by: 'test', publishedAtMs: 0 }),
  })
  for (const viewer of ['ann', 'ben', 'cleo', 'dan']) {
    const body = { action: 'purchase', viewer, amountFen: 100_000 }
    const bought = await bench.ask('/v1/events', { body, key: `begin-${viewer}` })
    expect(bought.body).toMatchObject({ ok: true })
  }
})

const spendable = async (viewer: string) => {
  const { body } = await bench.ask(`/v1/accounts/${viewer}`)
  return (body as { account: { balance: { spendable: number } } }).account.balance.spendable
}
const merge = async (from: string, into: string) => {
  const body = { from: { kind: 'viewer', value: from }, into }
  const merged = await bench.ask('/v1/merges', { body, key: `merge-${from}-${into}` })
  expect(merged.body).toMatchObject({ ok: true, state: 'active' })
}

const requests = {
  gift: { path: '/v1/accounts/ann/gifts', body: { to: 'ben', points: 100 } },
  adjustment: { path: '/v1/accounts/ann/adjust', body: { points: 50, note: 'sorry' } },
  revocation: { path: '/v1/accounts/ann/revoke', body: { points: 70, note: 'a mistake' } },
  'good deed': { path: '/v1/events', body: { action: 'deed', viewer: 'ann' } },
  order: { path: '/v1/events', body: { action: 'purchase', viewer: 'ann', amountFen: 9900 } },
}
const everybody = async () =>
  (await Promise.all(['ann', 'ben', 'dan'].map(spendable))) as [number, number, number]

test.each(Object.entries(requests))(
  '[A50] a %s whose answer was lost is done once, whoever became one with whom before it is repeated',
  async (_, { path, body }) => {
    const key = 'the-request'
    const first = await bench.ask(path, { body, key })
    expect(first).toMatchObject({ status: 200, body: { ok: true } })
    for (const merges of [[['ann', 'cleo']], [['ben', 'dan']], [['cleo', 'dan']]] as const) {
      for (const [from, into] of merges) await merge(from, into)
      const before = await everybody()
      // As if whoever did it had died before the answer was kept.
      await store.del(onceKey('acme', key))
      expect(await bench.ask(path, { body, key })).toMatchObject({
        status: 200,
        body: { ok: true },
      })
      expect(await everybody()).toEqual(before)
    }
    expect((await bench.ask('/v1/conservation')).body).toMatchObject({ holds: true })
  },
)
