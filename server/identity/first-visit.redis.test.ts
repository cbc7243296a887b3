import { beforeEach, expect, test } from 'vitest'
import { randomAccount } from '../kernel/index.ts'
import { createPartitions, type Store } from '../redis/index.ts'
import { dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { findAccount, openPepper, type Registry, resolveAccount } from './account.ts'
import { admit, viewerIdentity } from './admit.ts'
import { listLinks } from './links.ts'
import { findNamed } from './named.ts'
import { readProfiles } from './profile.ts'
import { KEYS, NOW, SESSIONS } from './testing.ts'
import { issueTicket } from './ticket.ts'
import { readWhose } from './whose.ts'

/** Numbers to be drawn next; after them it is chance again. */
const drawn: number[] = []
const draw = () => drawn.shift() ?? randomAccount()

let store: Store
let registry: Registry
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  await store.flushall()
  drawn.length = 0
  registry = {
    store,
    partitions: createPartitions(2),
    pepper: await openPepper(store, SESSIONS),
    draw,
  }
})

const identityOf = (viewer: string) => viewerIdentity({ brand: 'acme', viewer })

async function come(viewer: string, by: Store = store): Promise<number> {
  const of = { viewer, room: 'r1', brand: 'acme', role: 'viewer', name: `N ${viewer}` } as const
  const gate = { tickets: KEYS, sessions: SESSIONS, revocations: { has: () => false } }
  const ticket = await issueTicket(KEYS, { ...of, nowMs: NOW })
  const answer = await admit({ ...registry, ...gate, store: by }, { ticket }, NOW)
  if (!answer.ok || answer.claims.account === undefined) throw new Error('not admitted')
  return answer.claims.account
}

async function expectWhole(viewer: string, account: number): Promise<void> {
  expect(await findAccount(registry, identityOf(viewer))).toBe(account)
  expect((await readProfiles(registry, [account])).get(account)?.name).toBe(`N ${viewer}`)
  expect((await readWhose(registry, [account])).get(account)).toEqual(identityOf(viewer))
  expect(await findNamed(registry, `N ${viewer}`)).toEqual([account])
  expect((await listLinks(registry, account)).map(({ state }) => state)).toEqual(['linked'])
}

test('[I9 I11 I19] of many who come for the first time at once each has an account of the own, whole', async () => {
  const viewers = Array.from({ length: 120 }, (_, i) => `v${i}`)
  const accounts = await Promise.all(viewers.map((viewer) => come(viewer)))
  expect(new Set(accounts).size).toBe(viewers.length)
  for (const [i, viewer] of viewers.entries()) await expectWhole(viewer, accounts[i] ?? 0)
})

test('[I9] a number that is drawn twice, at once or later, is given once', async () => {
  drawn.push(4711, 4711, 4711)
  const [first, second] = await Promise.all([come('ann'), come('bob')])
  const third = await come('cid')
  expect(new Set([first, second, third]).size).toBe(3)
  expect([first, second]).toContain(4711)
  for (const [viewer, account] of Object.entries({ ann: first, bob: second, cid: third }))
    await expectWhole(viewer, account)
})

test.each([0, 1, 2, 3, 4])(
  '[I9 I11 I23] a first visit that dies after %i calls is whole after the next',
  async (calls) => {
    const died = await come('ann', dyingAfter(store, calls)).catch(() => undefined)
    const account = await come('ann')
    if (died !== undefined) expect(account).toBe(died)
    await expectWhole('ann', account)
    expect(await resolveAccount(registry, identityOf('ann'))).toBe(account)
  },
)
