import { afterEach, beforeEach, expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { journalKey } from '../wallet/index.ts'
import { auditPartition } from './audit.ts'
import { createStand, likes, type Stand } from './worker.testing.ts'

let redis: Store
let stand: Stand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createStand(redis, { partitions: 1 })
})
afterEach(() => stand.clean())

const slot = () => must(stand.bench.places.slots[0], 'a partition')

test('[J21] the audit tells a change that is missing also where another stands twice in the journal', async () => {
  for (let seq = 1; seq <= 3; seq++) await likes(stand, [1], { seq })
  expect((await stand.audit())[0]?.problems).toEqual([])
  const key = journalKey(slot())
  const [second, third] = (await redis.xrangeBuffer(key, '-', '+')).slice(1)
  await redis.xdel(key, String(must(third, 'an element')[0]))
  await redis.xadd(key, '*', ...must(second, 'an element')[1])
  expect((await stand.audit())[0]?.problems).toEqual([
    expect.stringMatching(/changed 3 times, its journal has 3 up to number 2$/),
  ])
})

test('[J21] a partition in which points are earned meanwhile is looked at again, and never called wrong', async () => {
  let seq = 0
  await likes(stand, [1], { seq: ++seq })
  for (const [times, busy] of [
    [1, false],
    [1000, true],
  ] as const) {
    let left = times
    const used = new Proxy(redis, {
      get(store, name) {
        const found: unknown = Reflect.get(store, name)
        if (typeof found !== 'function') return found
        return async (...args: unknown[]) => {
          const answer = await Reflect.apply(found, store, args)
          // The accounts were read, the journal was not.
          if (name === 'mgetBuffer' && left-- > 0) await likes(stand, [1], { seq: ++seq, units: 1 })
          return answer
        }
      },
    })
    // `multi` answers at once.
    const store = Object.assign(Object.create(used), { multi: () => redis.multi() }) as Store
    const audit = await auditPartition({ store, slot: slot(), partition: 0 }, stand.dataDir)
    expect(audit).toMatchObject({ busy, problems: [] })
  }
})

test('[J21] what is archived and trimmed meanwhile is no use of the partition, nor does a trimmed stream hide what was earned', async () => {
  for (let seq = 1; seq <= 3; seq++) await likes(stand, [1], { seq })
  let seq = 3
  /** Done after accounts were read, each time. */
  const auditWhile = (meanwhile: () => Promise<unknown>) => {
    const store = new Proxy(redis, {
      get(of, name) {
        const found: unknown = Reflect.get(of, name)
        if (typeof found !== 'function') return found
        return async (...args: unknown[]) => {
          const answer = await Reflect.apply(found, of, args)
          if (name === 'mgetBuffer') await meanwhile()
          return answer
        }
      },
    })
    const used = Object.assign(Object.create(store), { multi: () => redis.multi() }) as Store
    return auditPartition({ store: used, slot: slot(), partition: 0 }, stand.dataDir)
  }
  const archive = async () => {
    await stand.worker()
    await stand.drained()
  }
  expect(await auditWhile(archive)).toMatchObject({ busy: false, problems: [], elements: 3 })
  const earned = async () => {
    await likes(stand, [1], { seq: ++seq, units: 1 })
    await stand.drained()
  }
  expect(await auditWhile(earned)).toMatchObject({ busy: true, problems: [] })
})
