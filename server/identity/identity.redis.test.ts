import { beforeEach, expect, test } from 'vitest'
import { type Clock, must, systemClock } from '../kernel/index.ts'
import { createPartitions, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import {
  eraseAccount,
  findAccount,
  identityHash,
  openPepper,
  type Registry,
  resolveAccount,
} from './account.ts'
import { admit, type Gate, viewerIdentity } from './admit.ts'
import { profileKey, revokedKey, whoseKey } from './keys.ts'
import { WHOSE_PER_CALL } from './limits.ts'
import { findNamed } from './named.ts'
import { readProfiles, setProfile } from './profile.ts'
import { type Revoked, revoke, unrevoke } from './revoke.ts'
import { sessionKeys } from './secrets.ts'
import {
  createStageKey,
  listStageKeys,
  readStageKey,
  revokeStageKey,
  stageJti,
} from './stage-key.ts'
import { KEYS, NOW, SESSIONS, secret } from './testing.ts'
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

const alice = { brand: 'acme', kind: 'viewer', id: 'alice' } as const
const bob = { brand: 'acme', kind: 'viewer', id: 'bob' } as const

test('[I9] twenty at once get one account, and it stays', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => resolveAccount(registry, alice)))
  expect(new Set(all).size).toBe(1)
  expect(await resolveAccount(registry, alice)).toBe(all[0])
  expect(await findAccount(registry, alice)).toBe(all[0])
  // Numbers that were claimed in vain are free again: one identity, one number with its links and whose it is,
  // the pepper.
  expect(await store.dbsize()).toBe(5)
})

test('[I9] brands, kinds and ids do not run into each other', async () => {
  const hash = (brand: string, kind: 'viewer' | 'phone', id: string) =>
    identityHash(registry.pepper, { brand, kind, id })
  const hashes = [
    hash('a', 'viewer', 'x'),
    hash('b', 'viewer', 'x'),
    hash('a', 'phone', 'x'),
    hash('a', 'viewer', 'y'),
    hash('a","viewer', 'viewer', 'x'),
  ]
  expect(new Set(hashes).size).toBe(5)
  for (const text of hashes) expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/)
})

test('[I10] the pepper survives a new session secret, and a start without the old one is refused', async () => {
  const old = secret('session secret of tests .............')
  const next = secret('another session secret ..............')
  expect(await openPepper(store, SESSIONS)).toEqual(registry.pepper)
  expect(await openPepper(store, sessionKeys([next, old]))).toEqual(registry.pepper)
  // Wrapped anew with the newest: the old one is no longer needed.
  expect(await openPepper(store, sessionKeys([next]))).toEqual(registry.pepper)
  await expect(openPepper(store, sessionKeys([old]))).rejects.toThrow('session secret')
})

test('[I10] two processes that start on an empty store agree on the pepper', async () => {
  await store.flushall()
  const [a, b] = await Promise.all([openPepper(store, SESSIONS), openPepper(store, SESSIONS)])
  expect(a).toEqual(b)
})

test('[I10] no key and no value holds what the merchant calls somebody', async () => {
  await resolveAccount(registry, { ...alice, id: 'SECRET-PHONE' })
  for (const key of await store.keys('*')) {
    expect(key).not.toContain('SECRET-PHONE')
    const value = key.includes(':links:') ? await store.hgetall(key) : await store.get(key)
    expect(JSON.stringify(value)).not.toContain('SECRET-PHONE')
  }
})

test('[I11] erasing removes name and link and keeps the number taken', async () => {
  const account = await resolveAccount(registry, alice)
  await setProfile(registry, account, { name: 'Alice', optOut: false })
  await eraseAccount(registry, account)
  await eraseAccount(registry, account)
  expect(await findAccount(registry, alice)).toBeUndefined()
  expect(await readProfiles(registry, [account])).toEqual(new Map())
  expect(await store.get(profileKey(registry.partitions.slotOf(account), account))).toBe('{}')
  expect(await resolveAccount(registry, alice)).not.toBe(account)
})

test('[I29] who bears a name is found by it, under the newest one only, and not once erased', async () => {
  const [ann, other] = [
    await resolveAccount(registry, alice),
    await resolveAccount(registry, { ...alice, id: 'other' }),
  ]
  await setProfile(registry, ann, { name: '小美 Mei', optOut: false })
  await setProfile(registry, other, { name: '小美mei', optOut: true })
  const both = [ann, other].sort((a, b) => a - b)
  for (const text of ['小美 Mei', '小美MEI', ' 小美ｍｅｉ'])
    expect((await findNamed(registry, text)).sort((a, b) => a - b)).toEqual(both)
  expect(await findNamed(registry, '小美')).toEqual([])
  for (const key of await store.keys('*:names'))
    expect(JSON.stringify(await store.zrange(key, '0', '-1'))).not.toContain('小美')
  await setProfile(registry, ann, { name: '小丽', optOut: false })
  expect(await findNamed(registry, '小美mei')).toEqual([other])
  expect(await findNamed(registry, '小丽')).toEqual([ann])
  await setProfile(registry, ann, { name: '小丽', optOut: true })
  expect(await findNamed(registry, '小丽')).toEqual([ann])
  await eraseAccount(registry, ann)
  await eraseAccount(registry, other)
  expect(await store.keys('*:names')).toEqual([])
})

test('[I29] of names that come at the same moment the last one stands, alone', async () => {
  const ann = await resolveAccount(registry, alice)
  const names = ['A', 'B', 'C', 'D']
  await Promise.all(names.map((name) => setProfile(registry, ann, { name, optOut: false })))
  const found = await Promise.all(names.map((name) => findNamed(registry, name)))
  const kept = (await readProfiles(registry, [ann])).get(ann)?.name ?? ''
  expect(found).toEqual(names.map((name) => (name === kept ? [ann] : [])))
})

test('[I19] an account leads back to its identity until it is erased', async () => {
  const accounts: number[] = []
  for (let i = 0; i < 20; i++)
    accounts.push(await resolveAccount(registry, { ...alice, id: `viewer-${i}` }))
  const found = await readWhose(registry, [...accounts, 4711])
  expect(found.size).toBe(20)
  accounts.forEach((account, i) => {
    expect(found.get(account)).toEqual({ ...alice, id: `viewer-${i}` })
  })
  // More than Redis is asked for at once.
  const strangers = Array.from({ length: 3 * WHOSE_PER_CALL }, (_, i) => 100_000 + i)
  expect((await readWhose(registry, [...strangers, ...accounts])).size).toBe(20)
  const first = accounts[0] ?? 0
  await eraseAccount(registry, first)
  expect(await readWhose(registry, [first])).toEqual(new Map())
  expect(await store.exists(whoseKey(registry.partitions.slotOf(first), first))).toBe(0)
})

test('[I19] of twenty who ask for one account at once, no record is left but that of the account', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => resolveAccount(registry, alice)))
  expect(new Set(all).size).toBe(1)
  expect((await store.keys('ff:*:whose:*')).length).toBe(1)
  expect(await readWhose(registry, all)).toEqual(new Map([[all[0], alice]]))
})

test('[I19] a record says nothing under another account, nor with another pepper', async () => {
  const account = await resolveAccount(registry, alice)
  const slot = registry.partitions.slotOf(account)
  const sealed = must(await store.get(whoseKey(slot, account)), 'a record')
  const other = account + 8
  await store.set(whoseKey(slot, other), sealed)
  expect(await readWhose(registry, [other])).toEqual(new Map())
  expect(await readWhose({ ...registry, pepper: Buffer.alloc(32) }, [account])).toEqual(new Map())
})

test('[I11] profiles are read in one batch over all partitions', async () => {
  const accounts = [1, 2, 9, 10, 2 ** 47]
  for (const account of accounts)
    await setProfile(registry, account, { name: `n${account}`, optOut: account === 9 })
  const found = await readProfiles(registry, [...accounts, 77, 1])
  expect([...found].sort(([a], [b]) => a - b)).toEqual(
    accounts.map((account) => [account, { name: `n${account}`, optOut: account === 9 }]),
  )
  await expect(
    readProfiles(
      registry,
      Array.from({ length: 501 }, (_, i) => i),
    ),
  ).rejects.toThrow('500')
})

/** Runs what is due when told to, so that a test waits for nothing. */
function handClock(): { clock: Clock; tick: () => void } {
  let due: () => void = () => undefined
  return {
    clock: {
      ...systemClock,
      every: (_, run) => {
        due = run
        return () => undefined
      },
    },
    tick: () => due(),
  }
}

async function watch() {
  const told: Revoked[] = []
  const { clock, tick } = handClock()
  const revocations = await watchRevocations({
    store,
    clock,
    onRevoked: (revoked) => told.push(revoked),
    onError: (error) => {
      throw error
    },
  })
  const afterPoll =
    <T>(read: () => T) =>
    () => {
      tick()
      return read()
    }
  return { told, tick, afterPoll, revocations }
}

test('[I12 C25] a revocation is told once, by the next poll', async () => {
  await revoke(store, { brand: 'acme', jti: 'before' })
  const { told, tick, afterPoll, revocations } = await watch()
  expect(revocations.has({ brand: 'acme', jti: 'before' })).toBe(true)
  await revoke(store, { account: 42 })
  await revoke(store, { brand: 'acme', jti: 'j-1' })
  tick()
  await expect.poll(() => told).toEqual([{ account: 42 }, { brand: 'acme', jti: 'j-1' }])
  expect(revocations.has({ brand: 'acme', jti: 'x', account: 42 })).toBe(true)
  expect(revocations.has({ brand: 'acme', jti: 'x', account: 43 })).toBe(false)
  await revoke(store, { brand: 'acme', jti: 'j-1' })
  tick()
  await revoke(store, { brand: 'acme', jti: 'j-2' })
  await expect
    .poll(afterPoll(() => told))
    .toEqual([{ account: 42 }, { brand: 'acme', jti: 'j-1' }, { brand: 'acme', jti: 'j-2' }])
})

test('[I12] a lifted revocation is forgotten by a full poll', async () => {
  await revoke(store, { account: 42 })
  const { afterPoll, revocations } = await watch()
  expect(await unrevoke(store, { account: 42 })).toBe(true)
  expect(await unrevoke(store, { account: 42 })).toBe(false)
  await expect
    .poll(afterPoll(() => revocations.has({ brand: 'acme', jti: 'x', account: 42 })))
    .toBe(false)
})

test('[I12 I13] old entries make room, a full list refuses and changes nothing', async () => {
  await store.call('ZADD', revokedKey, '1', 'a:1')
  expect(await revoke(store, { account: 2 }, 2)).toBeTypeOf('number')
  expect(await store.zrange(revokedKey, '0', '-1')).toEqual(['a:2'])
  expect(await revoke(store, { account: 3 }, 2)).toBeTypeOf('number')
  expect(await revoke(store, { account: 4 }, 2)).toBeUndefined()
  expect(await revoke(store, { account: 3 }, 2)).toBeTypeOf('number')
  expect(await store.zcard(revokedKey)).toBe(2)
})

test('[I14] a stage key opens its room until it is revoked', async () => {
  const made = await createStageKey(store, { room: 'r1', label: 'OBS', nowMs: NOW })
  if (!made) throw new Error('not made')
  expect(await readStageKey(store, made.key)).toEqual({ room: 'r1', id: made.id })
  expect(await listStageKeys(store, 'r1')).toEqual([
    { id: made.id, label: 'OBS', createdAtMs: NOW },
  ])
  const [, id, text] = made.key.split('.')
  for (const bad of [
    '',
    'x',
    `r2.${id}.${text}`,
    `r1.${id}.x`,
    `${made.key}x`,
    `r}1.${id}.${text}`,
    `${made.key}.`,
  ])
    expect(await readStageKey(store, bad)).toBeUndefined()
  const kept = JSON.stringify(await store.hgetall('ff:{r:r1}:stage'))
  expect(kept).not.toContain(text)
  expect(await revokeStageKey(store, { room: 'r1', brand: 'acme', id: made.id })).toBe('revoked')
  expect(await revokeStageKey(store, { room: 'r1', brand: 'acme', id: made.id })).toBe('unknown')
  expect(await readStageKey(store, made.key)).toBeUndefined()
})

test('[I14] the 21st key of a room is refused, also when all come at once', async () => {
  const all = await Promise.all(
    Array.from({ length: 25 }, () => createStageKey(store, { room: 'r1', label: '', nowMs: NOW })),
  )
  expect(all.filter(Boolean)).toHaveLength(20)
  expect(await listStageKeys(store, 'r1')).toHaveLength(20)
})

test('[I15] revoking a stage key revokes its tickets', async () => {
  const made = await createStageKey(store, { room: 'r1', label: '', nowMs: NOW })
  const { told, tick } = await watch()
  await revokeStageKey(store, { room: 'r1', brand: 'acme', id: made?.id ?? '' })
  tick()
  await expect.poll(() => told).toEqual([{ brand: 'acme', jti: stageJti(made?.id ?? '') }])
})

const revoked = new Set<string | number>()
const gate = (): Gate => ({
  ...registry,
  tickets: KEYS,
  sessions: SESSIONS,
  revocations: {
    has: ({ jti, account }) => revoked.has(jti) || (account !== undefined && revoked.has(account)),
  },
})
const ticket = (more: Partial<Parameters<typeof issueTicket>[1]> = {}) =>
  issueTicket(KEYS, {
    viewer: 'alice',
    room: 'r1',
    brand: 'acme',
    role: 'viewer',
    name: 'Alice',
    nowMs: NOW,
    ...more,
  })

async function admitted(credentials: Parameters<typeof admit>[1], nowMs = NOW) {
  const answer = await admit(gate(), credentials, nowMs)
  if (!answer.ok) throw new Error(answer.code)
  return answer
}

test('[I8 I11] a ticket makes account and profile; the resume token brings the same back later', async () => {
  const first = await admitted({ ticket: await ticket({ optOut: true }) })
  const account = first.claims.account ?? 0
  expect(await findAccount(registry, viewerIdentity(first.claims))).toBe(account)
  expect((await readProfiles(registry, [account])).get(account)).toEqual({
    name: 'Alice',
    optOut: true,
  })
  const hour = NOW + 3_600_000
  const back = await admitted({ ticket: await ticket(), resume: first.resume }, hour)
  expect(back.claims).toEqual(first.claims)
  expect(back.resumeExpiresAtMs).toBe(hour + 86_400_000)
  expect(await admit(gate(), { ticket: await ticket() }, hour)).toEqual({
    ok: false,
    code: 'ticket_expired',
  })
  expect(await admit(gate(), { ticket: await ticket(), resume: 'x' }, hour)).toEqual({
    ok: false,
    code: 'ticket_invalid',
  })
  expect(await admit(gate(), {}, NOW)).toEqual({ ok: false, code: 'ticket_missing' })
})

test('[I8] a fresh ticket counts before the resume token', async () => {
  const first = await admitted({ ticket: await ticket() })
  const moved = await admitted({ ticket: await ticket({ room: 'r2' }), resume: first.resume })
  expect(moved.claims).toMatchObject({ room: 'r2', account: first.claims.account })
})

test('[I5] who has no name left is called by the account', async () => {
  const { claims } = await admitted({ ticket: await ticket({ name: '\u200b\u202e' }) })
  expect(claims.name).toMatch(/^viewer-[0-9a-z]{4}$/)
})

test('[I9] hosts get no account', async () => {
  const { claims } = await admitted({ ticket: await ticket({ role: 'host' }) })
  expect(claims).not.toHaveProperty('account')
  expect(await store.dbsize()).toBe(1)
})

test('[I12 C25] a revoked ticket, its resume token and a revoked account are refused', async () => {
  const first = await admitted({ ticket: await ticket() })
  const code = { ok: false, code: 'ticket_revoked' }
  revoked.add(first.claims.jti)
  expect(await admit(gate(), { resume: first.resume }, NOW)).toEqual(code)
  revoked.clear()
  revoked.add(first.claims.account ?? 0)
  expect(await admit(gate(), { resume: first.resume }, NOW)).toEqual(code)
  expect(await admit(gate(), { ticket: await ticket({ name: 'Mallory' }) }, NOW)).toEqual(code)
  revoked.clear()
  const [profile] = (await readProfiles(registry, [first.claims.account ?? 0])).values()
  expect(profile?.name).toBe('Alice')
})

test('[I9] two viewers are two accounts', async () => {
  expect(await resolveAccount(registry, alice)).not.toBe(await resolveAccount(registry, bob))
})
