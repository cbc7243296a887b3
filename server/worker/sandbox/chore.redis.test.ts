import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { PRESETS } from '../../../shared/rulebook/presets.ts'
import {
  askDryRun,
  cancelDryRun,
  changeDryRun,
  publishRulebook,
  readDryRun,
  saveDraft,
} from '../../governance/index.ts'
import { must, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { act, createBench, START_MS } from '../../scoring/bench.testing.ts'
import { PLACE } from '../archive/archive.testing.ts'
import { silent, until } from '../worker.testing.ts'
import { dryRunChore, type PlayDryRun } from './chore.ts'
import { ALWAYS, createSandboxStand, sourcesOf } from './sandbox.testing.ts'

let redis: Store
let sandbox: ReturnType<typeof createSandboxStand>
useRedis(async (server) => {
  redis = await server.connect()
  sandbox = createSandboxStand(redis)
})
afterAll(() => sandbox.clean())

const earn = (points: number) => [{ id: 'like', no: 1, action: 'like' as const, points }]
let draft = 0
let play: PlayDryRun
beforeEach(async () => {
  await redis.flushall()
  const bench = createBench(redis, { earn: earn(1) })
  await publishRulebook(redis, { book: bench.book, by: 'test' })
  await bench.one(START_MS, { account: 1, actions: [act(1, 'like', { units: 7 })] })
  const dataDirs = [await sandbox.archive()]
  play = (of, how) => sandbox.run({ ...of, ...how, sources: sourcesOf([bench.book]), dataDirs })
  const book = { ...PRESETS.live, earn: earn(3) }
  const saved = await saveDraft(redis, { revision: 0, by: 'anna', basis: 1, book })
  draft = saved.ok ? saved.revision : 0
})

const ask = (nowMs = systemClock.now()) =>
  askDryRun(redis, { draft, asked: ALWAYS, by: 'anna', nowMs })
const job = async () => must(await readDryRun(redis), 'a dry run')
const chore = (how = play) => dryRunChore({ store: redis, clock: systemClock, log: silent }, how)
const settled = () =>
  until('the run is over', async () => ['done', 'ended'].includes((await job()).state))

describe('a dry run that operators ask for', () => {
  test('[DR7] is played by a worker, which says what it found', async () => {
    expect(await ask()).toMatchObject({ ok: true })
    expect(await job()).toMatchObject({ state: 'asked', by: 'anna', draft })
    expect(await ask()).toMatchObject({ ok: false, code: 'busy' })
    await chore().run(PLACE.slot)
    await settled()
    expect(await job()).toMatchObject({
      state: 'done',
      report: { proof: { entries: 1, sameEntries: 1 }, told: { points: 7 }, tried: { points: 21 } },
    })
    expect(await ask()).toMatchObject({ ok: true })
  })

  test('[DR7] is of the draft as it was read; where that has changed nothing begins', async () => {
    draft += 1
    expect(await ask()).toMatchObject({ ok: false, code: 'draft_changed' })
    expect(await readDryRun(redis)).toBeUndefined()
  })

  test('[DR5 DR7] ends when it is cancelled, also while it is played', async () => {
    const { id } = { id: '', ...(await ask()) }
    let isOver = false
    const waits: PlayDryRun = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          isOver = true
          reject(new Error('stopped'))
        })
      })
    await chore(waits).run(PLACE.slot)
    expect((await job()).state).toBe('running')
    expect(await cancelDryRun(redis, 'another')).toMatchObject({ code: 'not_found' })
    expect(await cancelDryRun(redis, id)).toEqual({ ok: true })
    expect(await job()).toMatchObject({ state: 'ended', why: 'cancelled' })
    // Whoever played it finds out, and says nothing more.
    await until('it is not played any more', () => isOver)
    expect(await job()).toMatchObject({ state: 'ended', why: 'cancelled' })
  })

  test('[DR7] says where there is no redis-server', async () => {
    await ask()
    await chore((of, how) =>
      sandbox.run({
        ...of,
        ...how,
        program: 'no-such-server',
        sources: sourcesOf([]),
        dataDirs: [],
      }),
    ).run(PLACE.slot)
    await settled()
    expect(await job()).toMatchObject({ state: 'ended', why: 'no_redis_server' })
  })

  test('[DR7] is begun again where its worker is gone', async () => {
    await ask()
    const dead = must(await changeDryRun(redis, await job(), { state: 'running' }), 'a change')
    await chore().run(PLACE.slot)
    expect((await job()).revision).toBe(dead.revision)
    const later = { ...systemClock, now: () => systemClock.now() + 60_000 }
    await dryRunChore({ store: redis, clock: later, log: silent }, play).run(PLACE.slot)
    await settled()
    expect((await job()).state).toBe('done')
  })
})
