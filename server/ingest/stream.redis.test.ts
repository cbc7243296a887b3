import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ApiKey } from '../identity/index.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { storeThatDies, type TestRedis } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createIngestBench, type IngestBench } from './ingest.testing.ts'
import { TAKEN_MAX, TRIES_MAX } from './limits.ts'

let redis: TestRedis
let store: Store
let bench: IngestBench
useRedis(async (server) => {
  redis = server
  store = await server.connect()
})
beforeEach(async () => {
  bench = await createIngestBench(redis, store)
})
afterEach(() => bench.stop())

const purchase = (viewer: string, order: string, amountFen = 10_000) => ({
  id: `paid-${order}`,
  event: { action: 'purchase', viewer, amountFen, order },
})
const allTaken = () => expect.poll(() => bench.left()).toBe(0)

describe('messages', () => {
  test('[IN1 002-39] purchases, other events, refunds and invites of a stream count as those by HTTP', async () => {
    const twin = await bench.ask('/v1/events', {
      body: purchase('twin', 'twin-0001').event,
      key: 'paid-twin-0001',
    })
    expect(twin.status).toBe(200)
    const paid = await bench.spendable('twin')
    expect(paid).toBeGreaterThan(0)
    await bench.consume()
    await bench.put(purchase('ann', 'order-001'))
    await allTaken()
    expect(await bench.spendable('ann')).toBe(paid)
    await bench.put(
      { id: 'follow-ann-1', event: { action: 'follow', viewer: 'ann' } },
      { id: 'refund-001', refund: { order: 'order-001' } },
      { id: 'register-bea', event: { action: 'register', viewer: 'bea' } },
    )
    await allTaken()
    expect(await bench.spendable('ann')).toBeLessThan(paid)
    expect(await bench.spendable('bea')).toBeGreaterThan(0)
    const invite = { inviter: 'ann', invited: 'cem' }
    await bench.put({ id: 'invite-001', invite })
    await allTaken()
    expect(await bench.dead()).toEqual([])
    // By HTTP, under another id, the same invite is known.
    const again = await bench.ask('/v1/invites', { body: invite, key: 'invite-002' })
    expect(again).toMatchObject({ status: 200, body: { ok: true, dup: true } })
  })

  test('[IN2] a key reaches what is its brand’s and nothing else', async () => {
    await bench.openRoom('r1')
    await bench.consume({ kid: 's9' })
    const message = purchase('ann', 'order-002')
    await bench.put({ ...message, event: { ...message.event, room: 'r1' } })
    await allTaken()
    expect(await bench.dead()).toMatchObject([{ code: 'room_not_found' }])
    expect(await bench.spendable('ann')).toBe(0)
  })

  test('[IN3 A11] what comes by HTTP and by the queue is credited once, however it is written', async () => {
    const { id, event } = purchase('ann', 'order-003')
    const { order, amountFen, viewer, action } = event
    await bench.ask('/v1/events', { body: event, key: id })
    const paid = await bench.spendable('ann')
    await bench.consume()
    await bench.put(
      { id, event },
      { event: { order, amountFen, viewer, action }, id },
      JSON.stringify({ id, event }, null, 2),
    )
    await allTaken()
    expect(await bench.dead()).toEqual([])
    expect(await bench.spendable('ann')).toBe(paid)
    const other = await bench.ask('/v1/events', { body: { ...event, amountFen: 1 }, key: id })
    expect(other.body).toMatchObject({ code: 'id_conflict' })
  })

  test('[IN8] what is refused is a dead letter that names the field, and the rest goes on', async () => {
    await bench.consume()
    const { id, event } = purchase('ann', 'order-004')
    const poison: [message: unknown, field: string][] = [
      ['{"id":', 'message'],
      ['{"id":"a-name-twice","event":{"a":1,"a":2}}', 'message'],
      [`{"id":"too-long-1","event":{"viewer":"${'x'.repeat(70_000)}"}}`, 'message'],
      [{ id: 'x', event }, 'id'],
      [{ id: 'with\nbreak', event }, 'id'],
      [{ id: 'nothing-01' }, 'event'],
      [{ id, event, refund: { order: 'o' } }, 'refund'],
      [{ id, event, more: 1 }, 'more'],
      [{ id, event: { ...event, amountFen: 0 } }, 'event.amountFen'],
      [{ id, event: { ...event, action: 'like' } }, 'event.action'],
      [{ id, event: { ...event, brand: 'other' } }, 'event.brand'],
      [{ id, refund: { order: '../rooms' } }, 'refund.order'],
    ]
    for (const [message] of poison) {
      await bench.put(message)
      await bench.put(purchase('bea', randomUUID(), 100))
    }
    await store.xadd('messages', '*', 'body', JSON.stringify({ id, event }))
    await bench.put({ id, event })
    await allTaken()
    const dead = await bench.dead()
    expect(dead.map(({ field }) => field).sort()).toEqual(
      [...poison.map(([, field]) => field), 'message'].sort(),
    )
    expect(dead.map(({ message }) => message)).toContain('{"id":')
    expect(await bench.spendable('ann')).toBeGreaterThan(0)
    expect(await bench.spendable('bea')).toBeGreaterThanOrEqual(poison.length)
  })
})

describe('order and patience', () => {
  test('[IN4] a refund behind its purchase, and again, finds it every time', async () => {
    await bench.consume()
    for (let i = 0; i < 20; i++)
      await bench.put(purchase('ann', `order-${i}`), {
        id: `refund-order-${i}`,
        refund: { order: `order-${i}` },
      })
    await allTaken()
    expect(await bench.dead()).toEqual([])
    expect(
      await bench.ask('/v1/orders/order-7/refund', { body: {}, key: 'refund-twice' }),
    ).toMatchObject({
      body: { code: 'refund_too_much' },
    })
  })

  test('[IN5] while the API is away, or does not know the key, messages wait and none is given up', async () => {
    await bench.stopApi()
    const consumer = await bench.consume()
    await bench.put(purchase('ann', 'order-005'))
    await expect.poll(() => bench.left()).toBe(1)
    await bench.startApi()
    await allTaken()
    expect(consumer.problem).toBe('')
    const keys = bench.deps.apiKeys as Map<string, ApiKey>
    const known = must(keys.get('s1'), 'the key')
    keys.delete('s1')
    await bench.put(purchase('ann', 'order-006'))
    await expect.poll(() => bench.pending()).toBe(1)
    keys.set('s1', known)
    await allTaken()
    expect(await bench.dead()).toEqual([])
  })

  test('[IN8] a refund that comes too early is put aside until its order is there', async () => {
    const patient = await bench.consume({ leftMs: 60_000 })
    await bench.put({ id: 'refund-early', refund: { order: 'order-late' } })
    await expect.poll(() => bench.pending()).toBe(1)
    await patient.stop()
    expect(await bench.pending()).toBe(1)
    await bench.ask('/v1/events', {
      body: purchase('ann', 'order-late').event,
      key: 'paid-order-late',
    })
    await bench.consume()
    await allTaken()
    expect(await bench.dead()).toEqual([])
    expect(
      await bench.ask('/v1/orders/order-late/refund', { body: {}, key: 'refund-again' }),
    ).toMatchObject({ body: { code: 'refund_too_much' } })
  })

  test('[IN8] a refund of no order is given up at the sixth time', async () => {
    await bench.consume()
    await bench.put({ id: 'refund-never', refund: { order: 'order-never' } })
    await allTaken()
    expect(await bench.dead()).toMatchObject([
      { code: 'not_found', field: 'refund.order', tries: String(TRIES_MAX) },
    ])
  })

  test('[IN9] no more is taken than can be held, and nothing is lost by it', async () => {
    const { scoreEvent } = bench.deps.accounts
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    bench.deps.accounts.scoreEvent = async (event) => {
      await gate
      return scoreEvent.call(bench.deps.accounts, event)
    }
    const all = Array.from({ length: TAKEN_MAX + 40 }, (_, i) =>
      purchase(`v${i}`, `order-${i}`, 100),
    )
    await bench.put(...all)
    await bench.consume()
    await expect.poll(() => bench.pending()).toBe(TAKEN_MAX)
    open()
    await allTaken()
    expect(await bench.spendable('v0')).toBe(await bench.spendable(`v${TAKEN_MAX + 39}`))
    expect(await bench.dead()).toEqual([])
  })

  test('[IN10] what all groups are done with is trimmed, what one still needs is not', async () => {
    await store.xgroup('CREATE', 'messages', 'audit', '0', 'MKSTREAM')
    await bench.consume()
    // Redis lets go of whole nodes of a hundred entries.
    const all = Array.from({ length: 250 }, (_, i) => ({
      id: `follow-${1000 + i}`,
      event: { action: 'follow', viewer: `v${i}` },
    }))
    await bench.put(...all)
    await allTaken()
    expect(await bench.kept()).toBe(250)
    await store.xgroup('DESTROY', 'messages', 'audit')
    await expect.poll(() => bench.kept()).toBeLessThan(101)
  })
})

describe('deaths', () => {
  test('[IN6 IN7] a consumer may die between any two steps: every message is credited once', async () => {
    const alone = await bench.ask('/v1/events', {
      body: purchase('alone', 'order-alone').event,
      key: 'paid-order-alone',
    })
    expect(alone.status).toBe(200)
    const once = await bench.spendable('alone')
    let deaths = 0
    for (const when of ['before', 'after'] as const) {
      for (let step = 1; step <= 8; step++) {
        const name = `${when}-${step}`
        await bench.put(
          purchase(`ann-${name}`, `a-${name}`),
          'no json',
          purchase(`bea-${name}`, `b-${name}`),
        )
        let calls = 0
        const die = () => (++calls === step ? when : calls > step ? 'before' : undefined)
        const dying = await bench.consume({ of: (own) => storeThatDies(own, die) })
        await expect.poll(() => calls).toBeGreaterThanOrEqual(step)
        if (dying.problem !== '') deaths++
        const next = await bench.consume()
        await allTaken()
        for (const viewer of [`ann-${name}`, `bea-${name}`])
          expect(await bench.spendable(viewer), name).toBe(once)
        await Promise.all([dying.stop(), next.stop()])
      }
    }
    expect(deaths).toBeGreaterThan(0)
    expect(await bench.dead()).toHaveLength(16)
  })

  test('[IN7] several consumers share the stream; what one leaves behind the others take', async () => {
    let mayAck = 5
    const dying = (own: Store) =>
      storeThatDies(own, ({ name }) => (name === 'xack' && --mayAck < 0 ? 'before' : undefined))
    await Promise.all([bench.consume(), bench.consume({ of: dying }), bench.consume()])
    // So little that nobody rises a tier, from where on an order would bring more.
    const orders = (viewer: string) =>
      Array.from({ length: 3 }, (_, i) => purchase(viewer, `${viewer}-order-${i}`, 100))
    const viewers = Array.from({ length: 50 }, (_, i) => `v${i}`)
    const all = viewers.flatMap(orders)
    await bench.put(...all, ...all.slice(0, 30))
    await allTaken()
    for (const { id, event } of orders('alone'))
      await bench.ask('/v1/events', { body: event, key: id })
    const once = await bench.spendable('alone')
    expect(await Promise.all(viewers.map((viewer) => bench.spendable(viewer)))).toEqual(
      viewers.map(() => once),
    )
    expect(await bench.dead()).toEqual([])
  })
})
