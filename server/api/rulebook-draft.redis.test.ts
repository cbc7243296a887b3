/** The draft of the rules over the API: who may write it, what the answers say, and the form it is written in. */

import { beforeEach, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { HOUR_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { type Ask, type Bench, createBench } from './bench.testing.ts'

let store: Store
let bench: Bench
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  await store.flushall()
  bench = await createBench(store)
})

const live = Rulebook.parse(PRESETS.live)
const DRAFT = '/v1/rulebook/draft'
const operator = async (viewer: string, brand?: string) => {
  const token = String(await bench.ticket({ viewer, role: 'operator', ...(brand && { brand }) }))
  return (path: string, ask: Ask = {}) =>
    bench.ask(path, { ...ask, kid: 'none', headers: { authorization: `Bearer ${token}` } })
}

test('[A43 001-33 002-40] an operator drafts, sees what does not fit, and publishes what was seen', async () => {
  const zhou = await operator('zhou-ning')
  expect((await zhou(DRAFT)).body).toEqual({ ok: true, reviewed: false, nextNo: 21 })
  const spoilt = { ...live, dailyPoints: 0 }
  const first = await zhou(DRAFT, { body: { revision: 0, basis: 1, book: spoilt } })
  expect(first.body.problems).toEqual([
    { field: 'dailyPoints', text: { zh: '至少 1', en: 'At least 1' } },
  ])
  const expiry = { kind: 'fixed', month: 12, leastMonths: 0 }
  const book = { ...live, dailyPoints: 900, wallet: { ...live.wallet, expiry } }
  const second = await zhou(DRAFT, { body: { revision: first.body.revision, basis: 1, book } })
  expect(second.body).toMatchObject({
    problems: [],
    warnings: [{ code: 'expires-soon', field: 'wallet.expiry' }],
  })
  expect((await zhou(DRAFT)).body).toMatchObject({
    draft: { by: 'zhou-ning', basis: 1, book: { dailyPoints: 900 }, problems: [] },
  })
  expect((await zhou('/v1/rulebook')).body).toMatchObject({ version: 1 })

  const body = { revision: second.body.revision, note: ' Less a day ' }
  const done = await zhou(`${DRAFT}/publish`, { body, key: 'publish-001' })
  expect(done.body).toMatchObject({ ok: true, version: 2, by: 'zhou-ning' })
  expect((await zhou(`${DRAFT}/publish`, { body, key: 'publish-001' })).body).toEqual(done.body)
  expect((await zhou('/v1/rulebook')).body).toMatchObject({
    version: 2,
    book: { dailyPoints: 900, note: 'Less a day' },
  })
  expect((await zhou(DRAFT)).body).not.toHaveProperty('draft')
})

test('[A43 G31 WN3 001-38] who is about to cut what points buy is told while drafting, and publishes it from after the notice on', async () => {
  const zhou = await operator('zhou-ning')
  const now = (await zhou('/v1/rulebook')).body
  const cut = { ...live, redemption: { factor: 1.25 } }
  const drafted = await zhou(DRAFT, { body: { revision: 0, basis: now.version, book: cut } })
  const warning = { code: 'value-cut', field: 'redemption.factor' }
  expect(drafted.body).toMatchObject({ problems: [], warnings: [warning] })
  expect((await zhou(DRAFT)).body).toMatchObject({ draft: { warnings: [warning] } })
  const body = { revision: drafted.body.revision, note: 'Dearer' }
  const soon = await zhou(`${DRAFT}/publish`, { body, key: 'publish-soon' })
  expect(soon).toMatchObject({
    status: 409,
    body: { code: 'notice_needed', field: 'redemption.factor', fromMs: expect.any(Number) },
  })
  const past = { ...body, effectiveAtMs: 1 }
  expect((await zhou(`${DRAFT}/publish`, { body: past, key: 'publish-past' })).body).toMatchObject({
    ...{ code: 'bad_request', field: 'effectiveAtMs' },
  })
  const effectiveAtMs = Number(soon.body.fromMs) + HOUR_MS
  const later = { ...body, effectiveAtMs }
  const published = await zhou(`${DRAFT}/publish`, { body: later, key: 'publish-cut' })
  expect(published.body).toMatchObject({
    ...{ ok: true, version: 2, effectiveAtMs, calledBack: [], warnings: [warning] },
  })
  expect((await zhou('/v1/rulebook')).body).toMatchObject({
    version: 1,
    coming: [{ version: 2, effectiveAtMs, by: 'zhou-ning', note: 'Dearer' }],
  })
  expect((await zhou(DRAFT)).body).not.toHaveProperty('draft')

  const back = { body: { version: 2 }, key: 'call-back-2' }
  const calledBack = { ok: true, calledBack: [2] }
  expect((await zhou('/v1/rulebook/call-back', back)).body).toEqual(calledBack)
  expect((await zhou('/v1/rulebook/call-back', back)).body).toEqual(calledBack)
  expect((await zhou('/v1/rulebook')).body).not.toHaveProperty('coming')
  const { versions } = (await zhou('/v1/rulebook/versions')).body
  expect(versions).toMatchObject([
    { version: 2, effectiveAtMs, calledBack: { by: 'zhou-ning', atMs: expect.any(Number) } },
    { version: 1 },
  ])
  const stranger = await operator('lin', 'other')
  expect((await stranger('/v1/rulebook/call-back', { ...back, key: 'call-back-3' })).status).toBe(
    403,
  )
})

test('[A43] a draft is given up as it was read, and only operators of the platform reach it', async () => {
  const zhou = await operator('zhou-ning')
  const { revision } = (await zhou(DRAFT, { body: { revision: 0, basis: 1, book: live } })).body
  const gone = (at: unknown) => zhou(`${DRAFT}?revision=${at}`, { method: 'DELETE' })
  expect(await gone(Number(revision) - 1)).toMatchObject({ body: { code: 'draft_changed' } })
  const other = await operator('lin', 'other')
  const asked: [string, Ask][] = [
    [DRAFT, {}],
    [DRAFT, { body: { revision: 0, basis: 1, book: live } }],
    [`${DRAFT}?revision=${revision}`, { method: 'DELETE' }],
    [`${DRAFT}/publish`, { body: { revision, note: '' }, key: 'publish-001' }],
  ]
  for (const [path, ask] of asked)
    expect(await other(path, ask), path).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  expect((await zhou(DRAFT)).body).toMatchObject({ draft: { revision } })
  expect(await gone(revision)).toMatchObject({ status: 200 })
  expect((await zhou(DRAFT)).body).not.toHaveProperty('draft')
})

test('[A43] where rules are reviewed no operator publishes alone; a rollback needs one', async () => {
  bench.deps.site = { ...bench.deps.site, rulesReviewed: true }
  const [zhou, chen] = [await operator('zhou-ning'), await operator('chen-li')]
  const needed = { status: 403, body: { code: 'review_needed' } }
  const book = { ...live, dailyPoints: 900 }
  expect(await zhou('/v1/rulebook', { body: { book }, key: 'publish-000' })).toMatchObject(needed)
  const { revision } = (await zhou(DRAFT, { body: { revision: 0, basis: 1, book } })).body
  const body = { revision, note: '' }
  expect(await zhou(`${DRAFT}/publish`, { body, key: 'publish-001' })).toMatchObject(needed)
  expect((await chen(DRAFT)).body).toMatchObject({ reviewed: true, draft: { by: 'zhou-ning' } })
  const done = await chen(`${DRAFT}/publish`, { body, key: 'publish-002' })
  expect(done.body).toMatchObject({ version: 2, by: 'chen-li', draftedBy: 'zhou-ning' })
  const { versions } = (await chen('/v1/rulebook/versions')).body
  expect(versions).toMatchObject([{ version: 2, draftedBy: 'zhou-ning' }, { version: 1 }])
  const back = await zhou('/v1/rulebook/rollback', { body: { version: 1 }, key: 'rollback-001' })
  expect(back.body).toMatchObject({ version: 3, by: 'zhou-ning' })
})

test('[A44] a server names the version that its book was made from', async () => {
  const publish = (basis: number, key: string) =>
    bench.ask('/v1/rulebook', { body: { book: live, basis }, key })
  expect((await publish(1, 'publish-001')).body).toMatchObject({ version: 2 })
  expect(await publish(1, 'publish-002')).toMatchObject({
    status: 409,
    body: { code: 'rulebook_moved' },
  })
})

test('[A44 001-33] the form has every field of a rulebook, with bounds and choices', async () => {
  const zhou = await operator('zhou-ning')
  const { schema } = (await zhou('/v1/rulebook/form')).body as {
    schema: { properties: Record<string, object> }
  }
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(Rulebook.shape).sort())
  expect(schema.properties).toMatchObject({
    dailyPoints: { type: 'integer', minimum: 1 },
    stacking: { enum: ['product', 'sum', 'max'] },
  })
})

test('[A43 DR7] a dry run is asked for of the draft that was read, one at a time, and ended', async () => {
  const zhou = await operator('zhou-ning')
  const RUN = '/v1/rulebook/dry-run'
  expect((await zhou(RUN)).body).toEqual({ ok: true })
  const saved = await zhou(DRAFT, { body: { revision: 0, basis: 1, book: live } })
  const asked = { fromMs: 0, toMs: 1000, oneOf: 1 }
  const old = { revision: 1, ...asked }
  expect((await zhou(RUN, { body: old })).body).toMatchObject({ code: 'draft_changed' })
  const body = { revision: saved.body.revision, ...asked, room: 'kitchen' }
  const { id } = (await zhou(RUN, { body })).body
  expect((await zhou(RUN, { body })).body).toMatchObject({ code: 'busy' })
  expect((await zhou(RUN)).body).toMatchObject({
    run: {
      id,
      state: 'asked',
      by: 'zhou-ning',
      draft: saved.body.revision,
      asked: { room: 'kitchen' },
    },
  })
  expect((await zhou(RUN)).body.run).not.toHaveProperty('book')
  expect((await zhou(`${RUN}?id=${id}`, { method: 'DELETE' })).body).toEqual({ ok: true })
  expect((await zhou(RUN)).body).toMatchObject({ run: { state: 'ended', why: 'cancelled' } })

  const stranger = await operator('li-na', 'other')
  expect((await stranger(RUN, { body })).body).toMatchObject({ code: 'forbidden' })
})
