import { beforeEach, describe, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { leaseBudget } from '../governance/index.ts'
import { findAccount, readProfiles, verifyTicket } from '../identity/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { getRoom } from '../rooms/index.ts'
import { emptyTotals } from '../wallet/index.ts'
import { type Bench, createBench, NOW } from './bench.testing.ts'

let store: Store
let bench: Bench
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  bench = await createBench(store)
})

const event = (more: Record<string, unknown> = {}) => ({
  action: 'purchase',
  viewer: 'alice',
  amountFen: 12_345,
  ...more,
})
describe('rooms, accounts and rules', () => {
  test('a room is created once, started, and ended', async () => {
    const body = { id: 'r1', name: '厨房' }
    const created = await bench.ask('/v1/rooms', { body })
    expect(created.body).toMatchObject({
      ok: true,
      created: true,
      room: { id: 'r1', brand: 'acme', timeZone: 'Asia/Shanghai', live: { no: 0, state: 'ended' } },
    })
    expect((await bench.ask('/v1/rooms', { body: { ...body, name: 'Else' } })).body).toMatchObject({
      created: false,
      room: { name: '厨房' },
    })
    expect(await bench.ask('/v1/rooms')).toMatchObject({ body: { rooms: [{ id: 'r1' }] } })
    const start = () => bench.ask('/v1/rooms/r1/start', { method: 'POST' })
    expect((await start()).body).toMatchObject({ live: { state: 'open' } })
    expect(await start()).toMatchObject({ status: 409, body: { code: 'room_open' } })
    const ended = await bench.ask('/v1/rooms/r1/end', { method: 'POST' })
    expect(ended.body).toMatchObject({ live: { state: 'ended' } })
  })

  test('[G12] a room says how much of its live’s budget is used, where there is one', async () => {
    await bench.openRoom()
    expect((await bench.ask('/v1/rooms/r1')).body).not.toHaveProperty('budget')
    const book = Rulebook.parse({ ...PRESETS.live, budget: { points: 900 } })
    bench = await createBench(store, {
      rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
    })
    await bench.openRoom()
    const budget = async () => (await bench.ask('/v1/rooms/r1')).body.budget
    expect(await budget()).toEqual({ points: 900, leased: 0, paid: 0 })
    const live = (await getRoom(store, 'r1'))?.live.no ?? 0
    const ask = { room: 'r1', live, most: 900, gateway: 3, incarnation: 'a', need: 0, want: 100 }
    await leaseBudget(store, { ...ask, sequence: 1, leased: 0, paid: 0 })
    await leaseBudget(store, { ...ask, sequence: 2, leased: 100, paid: 40 })
    expect(await budget()).toEqual({ points: 900, leased: 140, paid: 40 })
  })

  test('[A14 001-04 001-08 001-32 002-07 003-13] a purchase pays per yuan and its order pays growth, also where the viewer never came', async () => {
    await bench.openRoom()
    const { body } = await bench.ask('/v1/events', {
      body: event({ room: 'r1' }),
      key: 'event-001',
    })
    expect(body).toMatchObject({
      account: { balance: { spendable: 123 }, tier: { growth: 123 + 20 } },
      receipts: [
        { action: 'purchase', points: 123 },
        { action: 'order', growth: 20 },
      ],
    })
    const state = await bench.ask('/v1/accounts/alice?room=r1')
    expect(state.body).toMatchObject({
      ok: true,
      frozen: false,
      number: expect.stringMatching(/^[0-9a-z]{10}$/),
      account: { balance: { spendable: 123 } },
    })
  })

  test('[A14 003-31] a registration pays once for ever', async () => {
    const register = (key: string) =>
      bench.ask('/v1/events', { body: { action: 'register', viewer: 'alice' }, key })
    expect((await register('event-001')).body).toMatchObject({
      account: { balance: { spendable: 50 } },
    })
    expect((await register('event-002')).body).toMatchObject({
      account: { balance: { spendable: 50 } },
      receipts: [{ reason: 'once_only', points: 0 }],
    })
  })

  test('what was paid stands in the totals, and they balance', async () => {
    await bench.ask('/v1/events', { body: event(), key: 'event-001' })
    expect((await bench.ask('/v1/conservation')).body).toMatchObject({
      holds: true,
      totals: { issued: 123, spendable: 123, spent: 0 },
    })
    bench.deps.conservation = async () => ({ ...emptyTotals(), issued: 1 })
    expect((await bench.ask('/v1/conservation')).body).toMatchObject({ holds: false })
  })

  test('[A15] erasing revokes, empties and forgets', async () => {
    const { identity } = await knownViewer()
    const account = await findAccount(bench.gate, identity)
    await bench.ask('/v1/accounts/alice/freeze', { body: { note: 'is 13' }, key: 'freeze-01' })
    const notes = () => store.keys('ff:*:notes:*')
    expect(await notes()).toHaveLength(1)
    expect(await bench.ask('/v1/accounts/alice', { method: 'DELETE' })).toMatchObject({
      status: 200,
    })
    expect(await bench.ask('/v1/accounts/alice')).toMatchObject({
      status: 404,
      body: { field: 'viewer' },
    })
    expect(await bench.ask('/v1/accounts/alice', { method: 'DELETE' })).toMatchObject({
      status: 404,
    })
    expect(await readProfiles(bench.gate, [account ?? 0])).toEqual(new Map())
    expect(await notes()).toEqual([])
    expect(await store.zscore('ff:{cfg}:revoked', `a:${account}`)).not.toBeNull()
  })

  async function knownViewer() {
    await bench.ask('/v1/events', { body: event(), key: 'event-001' })
    return { identity: { brand: 'acme', kind: 'viewer', id: 'alice' } as const }
  }

  test('[C25] a viewer or a ticket is revoked and let in again', async () => {
    const { identity } = await knownViewer()
    const account = await findAccount(bench.gate, identity)
    for (const [body, member] of [
      [{ viewer: 'alice' }, `a:${account}`],
      [{ jti: 'ticket-1' }, 't:acme:ticket-1'],
    ] as const) {
      expect(await bench.ask('/v1/revocations', { body })).toMatchObject({ status: 200 })
      expect(await store.zscore('ff:{cfg}:revoked', member)).not.toBeNull()
      expect(await bench.ask('/v1/revocations/lift', { body })).toMatchObject({ status: 200 })
      expect(await bench.ask('/v1/revocations/lift', { body })).toMatchObject({ status: 404 })
    }
    expect(await bench.ask('/v1/revocations', { body: { viewer: 'nobody' } })).toMatchObject({
      status: 404,
    })
    expect(await bench.ask('/v1/revocations', { body: {} })).toMatchObject({ status: 400 })
  })

  test('a ticket that the API issues admits to the room', async () => {
    await bench.openRoom()
    const { body } = await bench.ask('/v1/tickets', {
      body: { viewer: 'v1', room: 'r1', role: 'host', name: '小\u202e美', optOut: true },
    })
    expect(
      await verifyTicket(bench.gate.tickets, String(body.ticket), { nowMs: NOW }),
    ).toMatchObject({
      claims: { viewer: 'v1', room: 'r1', brand: 'acme', role: 'host', name: '小美', optOut: true },
    })
    expect(body.expiresAtMs).toBe(NOW + 300_000)
  })

  test('[A47] whoever replays a request for a ticket has the same ticket, and it ends when the first one does', async () => {
    await bench.openRoom()
    const body = { viewer: 'v1', room: 'r1', name: 'Ann' }
    const raw = JSON.stringify(body)
    const signature = bench.sign('s1', { method: 'POST', path: '/v1/tickets', body: raw })
    const replayed = { raw, headers: { 'x-fanfare-signature': signature } }
    const first = await bench.ask('/v1/tickets', replayed)
    bench.passMs(299_000)
    const again = await bench.ask('/v1/tickets', replayed)
    expect(again).toMatchObject({ status: 200, text: first.text })
    const another = await bench.ask('/v1/tickets', { body })
    const idsOf = async (answers: (typeof first)[]) => {
      const nowMs = NOW + 299_000
      const read = answers.map(({ body }) =>
        verifyTicket(bench.gate.tickets, String(body.ticket), { nowMs }),
      )
      return (await Promise.all(read)).map((it) => (it.ok ? it.claims.jti : it.code))
    }
    const [id, other] = await idsOf([first, another])
    expect(id).not.toBe(other)
    expect(signature).not.toContain(id)
    bench.passMs(2000)
    expect(await bench.ask('/v1/tickets', replayed)).toMatchObject({ status: 401 })
  })

  test('a stage key becomes a ticket that only looks, until it is revoked', async () => {
    await bench.openRoom()
    const { body: made } = await bench.ask('/v1/stage-keys', { body: { room: 'r1', label: 'OBS' } })
    const exchange = () => bench.ask('/v1/stage/ticket', { kid: 'none', body: { key: made.key } })
    const { body } = await exchange()
    expect(
      await verifyTicket(bench.gate.tickets, String(body.ticket), { nowMs: NOW }),
    ).toMatchObject({
      claims: { room: 'r1', brand: 'acme', role: 'stage', jti: `stage-${made.id}` },
    })
    const listed = await bench.ask('/v1/stage-keys?room=r1')
    expect(listed.body).toMatchObject({ keys: [{ id: made.id, label: 'OBS' }] })
    expect(listed.text).not.toContain(String(made.key).split('.')[2])
    const revoke = () => bench.ask(`/v1/stage-keys/r1/${made.id}`, { method: 'DELETE' })
    expect(await revoke()).toMatchObject({ status: 200 })
    expect(await revoke()).toMatchObject({ status: 404 })
    expect(await exchange()).toMatchObject({ status: 401, body: { code: 'ticket_invalid' } })
  })

  test('a rulebook is published, listed, read and rolled back; a wrong one names its field', async () => {
    const { body: first } = await bench.ask('/v1/rulebook')
    const book = first.book as Record<string, unknown>
    const change = { ...book, note: 'Half the daily points', dailyPoints: 1000 }
    const publish = (body: unknown, key: string) => bench.ask('/v1/rulebook', { body, key })
    expect((await publish({ book: change }, 'publish-1')).body).toMatchObject({
      ok: true,
      version: 2,
      by: 's1',
    })
    expect((await publish({ book: change }, 'publish-1')).body).toMatchObject({ version: 2 })
    expect(await publish({ book: { ...book, ceiling: 99 } }, 'publish-2')).toMatchObject({
      status: 422,
      body: { code: 'rulebook_invalid', field: 'ceiling' },
    })
    expect(await publish({}, 'publish-3')).toMatchObject({ status: 400, body: { field: 'book' } })
    const back = await bench.ask('/v1/rulebook/rollback', {
      body: { version: 1 },
      key: 'rollback-1',
    })
    expect(back.body).toMatchObject({ version: 3 })
    expect((await bench.ask('/v1/rulebook/versions')).body.versions).toMatchObject([
      { version: 3, note: 'Back to version 1' },
      { version: 2, note: 'Half the daily points' },
      { version: 1 },
    ])
    expect((await bench.ask('/v1/rulebook?version=2')).body).toMatchObject({
      book: { dailyPoints: 1000 },
    })
    expect(await bench.ask('/v1/rulebook?version=9')).toMatchObject({ status: 404 })
    expect(await bench.ask('/v1/rulebook?version=0')).toMatchObject({ status: 400 })
  })

  test('[WN2 003-02] a book whose points expire within 30 days is published all the same, with a warning', async () => {
    const { body: now } = await bench.ask('/v1/rulebook')
    const book = now.book as { wallet: Record<string, unknown> }
    const soon = { ...book, wallet: { ...book.wallet, expiry: { kind: 'rolling', months: 1 } } }
    const published = await bench.ask('/v1/rulebook', { body: { book: soon }, key: 'expires-soon' })
    expect(published).toMatchObject({
      status: 200,
      body: { ok: true, warnings: [{ code: 'expires-soon', field: 'wallet.expiry' }] },
    })
    const back = await bench.ask('/v1/rulebook', { body: { book }, key: 'expires-later' })
    expect(back.body).toMatchObject({ ok: true, warnings: [] })
  })

  test('[002-51] anybody may read the rules as sentences', async () => {
    const read = async (lang: string) =>
      (await bench.ask(`/v1/rulebook/sentences?lang=${lang}`, { kid: 'none' })).body.sentences as {
        title: string
        text: string
      }[]
    const [zh, en] = [await read('zh'), await read('en')]
    expect(zh.length).toBe(en.length)
    expect(zh.length).toBeGreaterThan(10)
    expect(zh[0]?.title).toBe('怎么得积分')
    expect(en[0]?.title).toBe('How to earn')
  })

  test('[001-37] what pays, how much and how often a day, so that an overlay can say what is left', async () => {
    const { body } = await bench.ask('/v1/rulebook/sentences', { kid: 'none' })
    expect(body.dailyPoints).toBeGreaterThan(0)
    const earn = body.earn as { id: string }[]
    expect(earn.find(({ id }) => id === 'like')).toEqual({
      id: 'like',
      action: 'like',
      points: 1,
      perDay: 200,
    })
    expect(earn.find(({ id }) => id === 'watch_continuous')).toMatchObject({
      minutes: 15,
      continuous: true,
    })
    // Switched off, or growth alone: neither pays points.
    expect(earn.some(({ id }) => id === 'sign_in' || id === 'watch_growth')).toBe(false)
  })

  test('in the demo anybody gets tickets for its room, and a stage key', async () => {
    await bench.openRoom('demo')
    const { body } = await bench.ask('/v1/demo/ticket', {
      kid: 'none',
      body: { room: 'demo', role: 'viewer', viewer: 'guest-1', name: 'G' },
    })
    expect(body).toMatchObject({ ok: true, room: 'demo', viewer: 'guest-1' })
    expect(
      await verifyTicket(bench.gate.tickets, String(body.ticket), { nowMs: NOW }),
    ).toMatchObject({
      claims: { room: 'demo', role: 'viewer' },
    })
    for (const bad of [{ room: 'r1' }, { role: 'operator' }, { role: 'stage' }])
      expect((await bench.ask('/v1/demo/ticket', { body: bad })).body).toMatchObject({ ok: false })
    const operator = (peer: string, headers = {}) =>
      bench.ask('/v1/demo/ticket', { body: { role: 'operator' }, peer, headers })
    expect((await operator('127.0.0.1')).body).toMatchObject({ ok: true })
    expect(await operator('127.0.0.1', { 'x-forwarded-for': '10.0.0.9' })).toMatchObject({
      status: 403,
    })
    for (let i = 0; i < 22; i++) {
      const { body: key } = await bench.ask('/v1/demo/stage-key', {
        method: 'POST',
        kid: 'none',
        peer: `10.0.0.${i}`,
      })
      expect(
        await bench.ask('/v1/stage/ticket', { kid: 'none', body: { key: key.key } }),
      ).toMatchObject({ status: 200 })
    }
  })

  test("the demo's crowd is resized within its limit", async () => {
    let size = 0
    const crowd = {
      size: () => size,
      resize: async (next: number) => {
        size = next
      },
    }
    bench = await createBench(store, { demo: { room: 'demo', brand: 'acme', crowd } })
    const resize = (next: unknown) =>
      bench.ask('/v1/demo/crowd', { kid: 'none', body: { size: next } })
    expect((await resize(40)).body).toEqual({ ok: true, size: 40, max: 200 })
    for (const bad of [201, -1, 'many']) expect(await resize(bad)).toMatchObject({ status: 400 })
    expect((await bench.ask('/v1/demo/crowd', { kid: 'none' })).body).toMatchObject({ size: 40 })
  })
})
