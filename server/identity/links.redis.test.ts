import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { systemClock } from '../kernel/index.ts'
import { createPartitions, type Store } from '../redis/index.ts'
import { Died, dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import {
  eraseAccount,
  findAccount,
  identityHash,
  openPepper,
  type Registry,
  resolveAccount,
} from './account.ts'
import { admit } from './admit.ts'
import { LINKS_MAX } from './limits.ts'
import { listLinks, moveLinks, readLinks } from './links.ts'
import { identityOf, linkIdentity, normalPhone, resolvePerson, unlinkIdentity } from './person.ts'
import { readProfiles, setProfile } from './profile.ts'
import { revoke } from './revoke.ts'
import { KEYS, NOW, SESSIONS } from './testing.ts'
import { issueTicket } from './ticket.ts'
import { watchRevocations } from './watch-revocations.ts'
import { readWhose } from './whose.ts'

let store: Store
let registry: Registry
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  await store.flushall()
  registry = { store, partitions: createPartitions(8), pepper: await openPepper(store, SESSIONS) }
})

const viewer = (id: string, brand = 'acme') => ({ brand, kind: 'viewer', id }) as const
const phone = { brand: 'acme', kind: 'phone', id: '+8613800138000' } as const
const openid = { brand: 'acme', kind: 'openid', id: 'oAbC-123_x' } as const
const alice = viewer('alice')
const bob = viewer('bob')

const kindsOf = async (account: number) =>
  (await listLinks(registry, account)).map(({ kind }) => kind)

test.each([
  ['138 0013 8000', '+8613800138000'],
  ['+86 138-0013-8000', '+8613800138000'],
  ['0086(138)00138000', '+8613800138000'],
  ['8613800138000', '+8613800138000'],
  ['１３８００１３８０００', '+8613800138000'],
  ['+44 20 7946 0958', '+442079460958'],
  ['020 7946 0958', undefined],
  ['+0123456789', undefined],
  ['12', undefined],
  ['a'.repeat(12), undefined],
])('[I21] the phone number %s is %s', (text, normal) => {
  expect(normalPhone(text)).toBe(normal)
  expect(identityOf('acme', 'phone', text)?.id).toBe(normal)
})

test('[I20 001-31 002-12] phone, OpenID and mall id lead to the account they are linked to', async () => {
  const account = await resolveAccount(registry, alice)
  for (const identity of [phone, openid, { ...alice, kind: 'mall' } as const]) {
    expect(await linkIdentity(registry, account, identity)).toEqual({ tag: 'linked' })
    expect(await linkIdentity(registry, account, identity)).toEqual({ tag: 'linked' })
    expect(await resolveAccount(registry, identity)).toBe(account)
  }
  expect(await kindsOf(account)).toEqual(['viewer', 'phone', 'openid', 'mall'])
})

test('[I20] of two accounts that ask for one identity at once, one gets it', async () => {
  const accounts = [await resolveAccount(registry, alice), await resolveAccount(registry, bob)]
  const answers = await Promise.all(
    accounts.flatMap((account) =>
      Array.from({ length: 5 }, () => linkIdentity(registry, account, phone)),
    ),
  )
  const owner = await findAccount(registry, phone)
  expect(accounts).toContain(owner)
  answers.forEach((answer, i) => {
    const mine = accounts[Math.floor(i / 5)] === owner
    expect(answer).toEqual(mine ? { tag: 'linked' } : { tag: 'taken', account: owner })
  })
  for (const account of accounts)
    expect(await kindsOf(account)).toEqual(account === owner ? ['viewer', 'phone'] : ['viewer'])
})

test('[I22] the last identity stays, also where two are unlinked at once', async () => {
  const account = await resolveAccount(registry, alice)
  expect(await unlinkIdentity(registry, account, alice)).toBe('last')
  expect(await unlinkIdentity(registry, account, phone)).toBe('unknown')
  await linkIdentity(registry, account, phone)
  const both = await Promise.all([
    unlinkIdentity(registry, account, phone),
    unlinkIdentity(registry, account, alice),
  ])
  expect(both.sort()).toEqual(['last', 'unlinked'])
  expect(await kindsOf(account)).toHaveLength(1)
})

test('[I22] an unlinked identity starts anew, and can be linked again', async () => {
  const account = await resolveAccount(registry, alice)
  await linkIdentity(registry, account, phone)
  expect(await unlinkIdentity(registry, account, phone)).toBe('unlinked')
  expect(await findAccount(registry, phone)).toBeUndefined()
  const other = await resolveAccount(registry, phone)
  expect(other).not.toBe(account)
  expect(await linkIdentity(registry, account, phone)).toEqual({ tag: 'taken', account: other })
})

test('[I20] an account takes so many identities and no more', async () => {
  const account = await resolveAccount(registry, alice)
  for (let i = 1; i < LINKS_MAX; i++)
    expect(await linkIdentity(registry, account, viewer(`a${i}`))).toEqual({ tag: 'linked' })
  expect(await linkIdentity(registry, account, phone)).toEqual({ tag: 'full' })
  expect(await findAccount(registry, phone)).toBeUndefined()
})

test('[I11] erasing removes every link for ever, and no late step brings one back', async () => {
  const account = await resolveAccount(registry, alice)
  await linkIdentity(registry, account, phone)
  // A process stops after noting the link, and goes on when the person is erased.
  await expect(linkIdentity(dying(1), account, openid)).rejects.toThrow(Died)
  const late = (await readLinks(registry, account)).find(({ kind }) => kind === 'openid')
  await eraseAccount(registry, account)
  expect(await readLinks(registry, account)).toEqual([])
  for (const identity of [alice, phone, openid])
    expect(await findAccount(registry, identity)).toBeUndefined()
  const { point } = await import('./links.ts')
  expect(
    await point(registry, account, {
      hash: identityHash(registry.pepper, openid),
      nonce: late?.nonce ?? '',
    }),
  ).toBeUndefined()
  expect(await linkIdentity(registry, account, phone)).toEqual({ tag: 'erased' })
})

const dying = (commands: number): Registry => ({ ...registry, store: dyingAfter(store, commands) })

/** What must be true whenever nobody is in the middle of something: links and identities say the same. */
async function expectWhole(accounts: readonly number[], identities: readonly (typeof alice)[]) {
  const listed = new Map<string, number>()
  for (const account of accounts)
    for (const { hash } of await listLinks(registry, account)) {
      expect(listed.has(hash)).toBe(false)
      listed.set(hash, account)
    }
  for (const identity of identities)
    expect(listed.get(identityHash(registry.pepper, identity))).toBe(
      await findAccount(registry, identity),
    )
}

test('[I20 I22 I23] whatever dies between any two steps, links and identities agree again', async () => {
  const step = fc.record({
    account: fc.constantFrom(0, 1),
    identity: fc.constantFrom(0, 1),
    what: fc.constantFrom('link', 'unlink'),
    /** Commands after which the process dies; 9 is never. */
    dies: fc.constantFrom(0, 1, 2, 3, 4, 5, 9, 9),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 6 }),
      async (rounds) => {
        await store.flushall()
        const accounts = [
          await resolveAccount(registry, alice),
          await resolveAccount(registry, bob),
        ]
        const shared = [phone, openid] as unknown as (typeof alice)[]
        for (const round of rounds)
          await Promise.allSettled(
            round.map(({ account, identity, what, dies }) => {
              const process = dying(dies)
              const of = shared[identity] ?? alice
              return what === 'link'
                ? linkIdentity(process, accounts[account] ?? 0, of)
                : unlinkIdentity(process, accounts[account] ?? 0, of)
            }),
          )
        await expectWhole(accounts, [alice, bob, ...shared])
      },
    ),
    { numRuns: 60 },
  )
})

test('[I24 002-10 002-13] mini-program, community and store are one account where they name one phone', async () => {
  const channels = ['mini', 'group', 'store'].map((id) => viewer(`${id}-77`))
  const all = await Promise.all(channels.map((id) => resolvePerson(registry, id, [phone])))
  expect(new Set(all).size).toBe(1)
  for (const id of channels) expect(await findAccount(registry, id)).toBe(all[0])
  expect(await findAccount(registry, phone)).toBe(all[0])
})

test("[I24] the viewer's own account counts before a phone that belongs to another", async () => {
  const mine = await resolveAccount(registry, alice)
  const other = await resolveAccount(registry, phone)
  expect(await resolvePerson(registry, alice, [phone, openid])).toBe(mine)
  expect(await findAccount(registry, phone)).toBe(other)
  expect(await findAccount(registry, openid)).toBe(mine)
})

test('[I1 I24] a ticket carries further identities; one that can be none is passed over', async () => {
  const enter = async (id: string, ids: Record<string, string>) => {
    const ticket = await issueTicket(KEYS, {
      viewer: id,
      room: 'r1',
      brand: 'acme',
      role: 'viewer',
      name: 'Alice',
      nowMs: NOW,
      ids,
    })
    const gate = {
      ...registry,
      tickets: KEYS,
      sessions: SESSIONS,
      revocations: { has: () => false },
    }
    const answer = await admit(gate, { ticket }, NOW)
    if (!answer.ok) throw new Error(answer.code)
    return answer
  }
  const first = await enter('mini-1', { phone: '138 0013 8000', openid: 'o1' })
  const second = await enter('store-9', { phone: '+8613800138000' })
  expect(second.claims.account).toBe(first.claims.account)
  expect((await enter('store-10', { phone: 'unknown' })).claims.account).not.toBe(
    first.claims.account,
  )
  // What the merchant knows of a person is not sent on to the browser.
  expect(first.claims).not.toHaveProperty('ids')
  const told = Buffer.from(first.resume.split('.')[1] ?? '', 'base64url').toString()
  expect(told).toContain('"room":"r1"')
  expect(told).not.toMatch(/138 ?0013 ?8000/)
  await expect(enter('x', { email: 'a@b' })).rejects.toThrow('ticket_invalid')
})

test('[I25] a resume token of an account that was merged brings to where its viewer is now, in both directions', async () => {
  const moved = new Set<number>()
  const gate = {
    ...registry,
    tickets: KEYS,
    sessions: SESSIONS,
    revocations: { has: () => false, moved: (account: number) => moved.has(account) },
  }
  const enter = async (credentials: Parameters<typeof admit>[1]) => {
    const answer = await admit(gate, credentials, NOW)
    if (!answer.ok) throw new Error(answer.code)
    return answer
  }
  const ticket = await issueTicket(KEYS, {
    ...{ viewer: 'alice', room: 'r1', brand: 'acme', role: 'viewer', name: 'A', nowMs: NOW },
  })
  const first = await enter({ ticket })
  const from = first.claims.account ?? 0
  const into = await resolveAccount(registry, bob)
  await moveLinks(registry, { from, into, back: false })
  moved.add(from)
  const second = await enter({ resume: first.resume })
  expect(second.claims.account).toBe(into)
  await moveLinks(registry, { from: into, into: from, back: true })
  moved.add(into)
  expect((await enter({ resume: second.resume })).claims.account).toBe(from)
  expect(await findAccount(registry, bob)).toBe(into)
})

test('[I12 I25] gateways are told of accounts that were merged', async () => {
  const told: unknown[] = []
  await revoke(store, { moved: 7 })
  const watch = await watchRevocations({
    store,
    clock: systemClock,
    onRevoked: (who) => told.push(who),
    onError: (error) => {
      throw error
    },
  })
  expect([watch.moved(7), watch.moved(8)]).toEqual([true, false])
  expect(watch.has({ brand: 'acme', jti: 'x', account: 7 })).toBe(false)
  await revoke(store, { moved: 8 })
  await expect.poll(() => told, { timeout: 5000 }).toEqual([{ moved: 8 }])
  watch.stop()
})

test('[I11] erasing a merged account empties what the account that went into it knew', async () => {
  const from = await resolveAccount(registry, alice)
  const into = await resolveAccount(registry, bob)
  for (const account of [from, into])
    await setProfile(registry, account, { name: 'A', optOut: false })
  await moveLinks(registry, { from, into, back: false })
  await eraseAccount(registry, into)
  expect(await readProfiles(registry, [from, into])).toEqual(new Map())
  expect(await readWhose(registry, [from, into])).toEqual(new Map())
  for (const identity of [alice, bob]) expect(await findAccount(registry, identity)).toBeUndefined()
})
