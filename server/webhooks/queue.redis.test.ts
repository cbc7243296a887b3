import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { configSlot, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { listDead } from './dead.ts'
import { buryDead, forgetWebhook, replayDead, type Webhook } from './index.ts'
import { deadKeys, hooksKey, waitingKeys } from './keys.ts'
import { SEEN_MAX } from './limits.ts'
import { queueDeliveries } from './queue.ts'
import { settle } from './settle.ts'
import { addWebhook, changeSecret, getWebhook, listWebhooks, switchOff } from './subscriptions.ts'
import { dueWebhooks, takeDue } from './take.ts'

let store: Store
let webhooks: Webhook[]
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  await store.flushall()
  webhooks = []
  for (let i = 0; i < 2; i++) {
    const url = `https://shop.test/${i}`
    const added = await addWebhook(store, { brand: 'acme', url, events: ['ping'] })
    if (added.ok) webhooks.push(added.webhook)
  }
})

const delivery = (attempts = 0) => ({ type: 'ping', atMs: 1, data: {}, attempts })
const queued = (webhook: string, id: string) => ({
  webhook,
  id,
  brand: 'acme',
  delivery: delivery(),
})

interface Step {
  kind: 'queue' | 'done' | 'retry' | 'later' | 'bury' | 'replay' | 'forget'
  webhook: number
  id: number
}
const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('queue', 'queue', 'done', 'retry', 'later', 'bury', 'replay', 'forget'),
    webhook: fc.integer({ min: 0, max: 1 }),
    id: fc.integer({ min: 0, max: 1 }),
  }),
  { minLength: 5, maxLength: 40 },
)

/** What a delivery can be: never queued, waiting (now or later), dead, or over. */
type Fate = 'waiting' | 'dead' | 'over'

test('[K4 K15 K16] whatever happens in whatever order, each delivery waits, is dead or is over, and what is due is found', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      await store.del(
        hooksKey(configSlot),
        'ff:{cfg}:hook-seen',
        ...Object.values(deadKeys('acme')),
        ...webhooks.flatMap(({ id }) => Object.values(waitingKeys(configSlot, id))),
      )
      const fates = new Map<string, Fate>()
      const later = new Set<string>()
      for (const step of all) await take(step, fates, later)
    }),
    { numRuns: 100 },
  )
})

async function take(step: Step, fates: Map<string, Fate>, later: Set<string>): Promise<void> {
  const webhook = webhooks[step.webhook]?.id ?? ''
  const id = `d-${step.id}`
  const name = `${webhook}.${id}`
  const of = { slot: configSlot, webhook, id }
  const fate = fates.get(name)
  switch (step.kind) {
    case 'queue':
      await queueDeliveries(store, [queued(webhook, id)])
      if (fate === undefined) fates.set(name, 'waiting')
      break
    case 'done':
      expect(await settle(store, of)).toBe(fate === 'waiting')
      if (fate === 'waiting') fates.set(name, 'over')
      break
    case 'retry':
    case 'later': {
      const delayMs = step.kind === 'later' ? 60_000 : 0
      const settled = await settle(store, of, { delivery: delivery(1), delayMs })
      expect(settled).toBe(fate === 'waiting')
      if (step.kind === 'later' && settled) later.add(name)
      else if (settled) later.delete(name)
      break
    }
    case 'bury':
      if (fate !== 'waiting') return
      await buryDead(store, [{ ...queued(webhook, id), why: 'exhausted' }])
      await settle(store, of)
      fates.set(name, 'dead')
      later.delete(name)
      break
    case 'replay':
      expect(await replayDead(store, { brand: 'acme', names: [name] })).toBe(
        fate === 'dead' ? 1 : 0,
      )
      if (fate === 'dead') fates.set(name, 'waiting')
      break
    case 'forget':
      await forgetWebhook(store, { slot: configSlot, webhook })
      for (const [other, was] of fates)
        if (other.startsWith(`${webhook}.`) && was === 'waiting') fates.set(other, 'over')
      for (const other of later) if (other.startsWith(`${webhook}.`)) later.delete(other)
      break
    default:
      step.kind satisfies never
  }
  await compare(fates, later)
}

async function compare(fates: Map<string, Fate>, later: Set<string>): Promise<void> {
  const having = (fate: Fate) => [...fates].filter(([, is]) => is === fate).map(([name]) => name)
  const dead = (await listDead(store, { brand: 'acme' })).dead.map(({ name }) => name)
  expect(dead.sort()).toEqual(having('dead').sort())
  const dueNow: string[] = []
  for (const { id } of webhooks) {
    const { deliveries, unreadable } = await takeDue(store, {
      slot: configSlot,
      webhook: id,
      limit: 100,
    })
    expect(unreadable).toEqual([])
    dueNow.push(...deliveries.map((one) => `${id}.${one.id}`))
    const { due, bodies } = waitingKeys(configSlot, id)
    expect((await store.hkeys(bodies)).sort()).toEqual((await store.zrange(due, '0', '-1')).sort())
    const [, first] = await store.zrange(due, '0', '0', 'WITHSCORES')
    expect(await store.zscore(hooksKey(configSlot), id)).toBe(first ?? null)
  }
  const wanted = having('waiting').filter((name) => !later.has(name))
  expect(dueNow.sort()).toEqual(wanted.sort())
  const { webhooks: found } = await dueWebhooks(store, configSlot)
  expect(found.sort()).toEqual([...new Set(wanted.map((name) => name.split('.')[0]))].sort())
}

test('[K1] changes of one webhook at once are all made', async () => {
  const [{ id } = { id: '' }] = webhooks
  await Promise.all([
    ...Array.from({ length: 10 }, () => changeSecret(store, id, 5)),
    switchOff(store, id, 'asked for'),
  ])
  const changed = await getWebhook(store, id)
  expect(changed).toMatchObject({ id, secretNo: 11, active: false, offWhy: 'asked for' })
  expect(await switchOff(store, 'wh_none', 'x')).toBeUndefined()
})

test('[K1] twenty webhooks are twenty, also when thirty are added at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 30 }, () =>
      addWebhook(store, { brand: 'busy', url: 'https://shop.test/', events: ['ping'] }),
    ),
  )
  expect(answers.filter(({ ok }) => ok)).toHaveLength(20)
  expect(await listWebhooks(store, 'busy')).toHaveLength(20)
})

test('[K16] ids that were seen are forgotten in the order they came, and never more than so many are kept', async () => {
  const [{ id } = { id: '' }] = webhooks
  const old = Array.from({ length: SEEN_MAX }, (_, i) => [Date.now() - 1000, `x.${i}`]).flat()
  for (let i = 0; i < old.length; i += 20_000)
    await store.zadd('ff:{cfg}:hook-seen', ...old.slice(i, i + 20_000))
  await store.zadd('ff:{cfg}:hook-seen', 1, 'x.ancient')
  await queueDeliveries(store, [queued(id, 'new')])
  expect(await store.zcard('ff:{cfg}:hook-seen')).toBe(SEEN_MAX)
  expect(await store.zscore('ff:{cfg}:hook-seen', 'x.ancient')).toBeNull()
  expect(await store.zscore('ff:{cfg}:hook-seen', `${id}.new`)).not.toBeNull()
})
