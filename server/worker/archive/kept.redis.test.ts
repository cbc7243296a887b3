import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  birthdayOf,
  listLinks,
  readProfiles,
  readWhose,
  resolveAccount,
  setBirthday,
} from '../../identity/index.ts'
import { keyIn, type Store } from '../../redis/index.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { invitedKey } from '../../scoring/index.ts'
import { eraseNotes, notesKey } from '../../wallet/index.ts'
import { createKeptStand, type KeptStand, tellStory } from './kept.testing.ts'

let redis: Store
let dir: string
let stand: KeptStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  dir = mkdtempSync(join(tmpdir(), 'fanfare-kept-'))
  stand = await createKeptStand(redis, 2)
  await tellStory(stand)
  await stand.archive(dir)
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const problemsOf = (all: { problems: string[] }[]) => all.flatMap(({ problems }) => problems)

describe('what is no points', () => {
  test('[AR16] invites, orders, effects and reasons come back as they were, and are compared', async () => {
    expect(problemsOf(await stand.compare(dir))).toEqual([])
    const before = await stand.hashes()
    expect(Object.keys(before)).toHaveLength(12 + 12 + 12 + 2 + 12)
    await stand.lose()
    const rebuilt = await stand.rebuild(dir)
    expect(problemsOf(rebuilt)).toEqual([])
    expect(rebuilt.map(({ sealed }) => sealed)).toEqual([0, 0])
    expect(await stand.hashes()).toEqual(before)
    expect(problemsOf(await stand.compare(dir))).toEqual([])

    const [name = ''] = Object.keys(before).filter((key) => key.includes(':order:'))
    await redis.hincrby(name, 'points', 1)
    expect(problemsOf(await stand.compare(dir))).toEqual([
      expect.stringMatching(/^order of account \w+: points: the archive says \d+, Redis \d+$/),
    ])
  })

  test('[AR16] and they go on: refunds of the rest, steps of invites, a pass that is there', async () => {
    await stand.lose()
    expect(problemsOf(await stand.rebuild(dir))).toEqual([])
    const refund = (account: number, id: string) =>
      stand.orders.refund({ brand: 'acme', order: `order-${account}`, id, by: 'shop' })
    expect(await refund(2, 'rest')).toMatchObject({
      ok: true,
      amountFen: 5000,
      refundedFen: 10_000,
    })
    expect(await refund(2, 'more')).toMatchObject({ code: 'refund_too_much' })
    expect(await refund(1, 'all')).toMatchObject({ ok: true, amountFen: 10_000 })
    expect(await stand.buy(1, 'order-2', 10_000)).toMatchObject({ code: 'id_conflict' })

    const invited = 102
    await stand.invites.done([
      { account: invited, step: 'orders', version: 2, atMs: stand.clock.nowMs },
    ])
    expect(await redis.hget(invitedKey(stand.places.slotOf(invited), invited), 'state')).toBe(
      'paid',
    )
    expect(
      await stand.invites.invite({ inviter: 3, invited, brand: 'acme', by: 'shop' }),
    ).toMatchObject({ code: 'invite_refused' })

    const again = { effect: 'boost', requestId: 'boost-again' } as const
    expect(await stand.effects.buy(stand.buyer(3), again)).toMatchObject({ code: 'not_on_sale' })
    expect(await stand.effects.buy(stand.buyer(4), again)).toMatchObject({ ok: true })
  })

  test('[AR17] in the place of what an old Redis has; whose the accounts are it still knows', async () => {
    const registry = { store: redis, pepper: Buffer.alloc(32, 9), partitions: stand.places }
    const viewer = { brand: 'acme', kind: 'viewer', id: 'u-1001' } as const
    const account = await resolveAccount(registry, viewer)
    await setBirthday(registry, account, { birthday: { month: 5, day: 20 }, nowMs: 0 })
    const names = keyIn(stand.places.slotOf(account), 'names')
    await redis.zadd(names, account, 'whoever')
    const person = async () => ({
      whose: await readWhose(registry, [account]),
      profiles: await readProfiles(registry, [account]),
      links: await listLinks(registry, account),
      birthday: await birthdayOf(registry, account, 0),
      names: await redis.zcard(names),
    })
    const before = await person()
    expect(before).toMatchObject({ links: [{ kind: 'viewer' }], names: 1 })
    const kept = await stand.hashes()
    const rebuilt = await stand.rebuild(dir, true)
    expect(problemsOf(rebuilt)).toEqual([])
    expect(rebuilt.map(({ sealed }) => sealed)).toEqual([0, 0])
    expect(await person()).toEqual(before)
    expect(await stand.hashes()).toEqual(kept)
  })

  test('[AR7 AR16] a reason is sealed in the archive; erasing the person leaves nobody who can open it', async () => {
    const folders = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    for (const name of folders.filter((one) => one.endsWith('.seg')))
      expect(readFileSync(join(dir, name)).includes('looked odd')).toBe(false)
    await eraseNotes(redis, { slot: stand.places.slotOf(4), account: 4 })
    await stand.lose()
    const rebuilt = await stand.rebuild(dir)
    expect(problemsOf(rebuilt)).toEqual([])
    expect(rebuilt.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(2)
    expect(await redis.exists(notesKey(stand.places.slotOf(4), 4))).toBe(0)
    expect(Object.values(await redis.hgetall(notesKey(stand.places.slotOf(6), 6)))).toContain(
      'looked odd: 6 张三',
    )
  })
})
