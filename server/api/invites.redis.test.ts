import { expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createBench } from './bench.testing.ts'

let store: Store
useRedis(async (server) => {
  store = await server.connect()
})

const book = Rulebook.parse(PRESETS.mall)

test('[A28 003-10] a reported invite is seen as pending by the inviter; identities of one person do not invite each other', async () => {
  const bench = await createBench(store, {
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
  })
  const invite = (inviter: string, invited: string, key: string) =>
    bench.ask('/v1/invites', { body: { inviter, invited }, key })
  expect(await invite('ann', 'ben', 'invite-001')).toMatchObject({
    status: 200,
    body: { ok: true, points: 30, invitedPoints: 20, due: ['orders'] },
  })
  // The same again, under the same key and under another one.
  expect(await invite('ann', 'ben', 'invite-001')).toMatchObject({ body: { ok: true } })
  expect(await invite('ann', 'ben', 'invite-002')).toMatchObject({ body: { dup: true } })
  const ann = await bench.ask('/v1/accounts/ann/wallet')
  expect(ann.body).toMatchObject({
    balance: { pending: 30, spendable: 0 },
    holds: [{ use: 'pending', points: 30 }],
  })
  await bench.ask('/v1/accounts/ann/identities', { body: { kind: 'viewer', value: 'ann-again' } })
  for (const [inviter, invited, key] of [
    ['ann', 'ann-again', 'invite-003'],
    ['ann-again', 'ann', 'invite-004'],
    ['cleo', 'ben', 'invite-005'],
  ] as const)
    expect(await invite(inviter, invited, key)).toMatchObject({
      status: 409,
      body: { code: 'invite_refused', field: 'invited' },
    })
  expect(await invite('ben', 'ann', 'invite-006')).toMatchObject({
    body: { code: 'invite_refused' },
  })
})

test('[A28] where the rulebook pays no invites the answer says so', async () => {
  const { invite: _, ...silent } = book
  const bench = await createBench(store, {
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book: silent }),
  })
  const answer = await bench.ask('/v1/invites', {
    body: { inviter: 'ann', invited: 'ben' },
    key: 'invite-001',
  })
  expect(answer).toMatchObject({ status: 409, body: { code: 'invites_off' } })
})
