import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { DAY_MS } from '../../shared/time.ts'
import {
  currentRulebook,
  ensureRulebook,
  publishRulebook,
  type RulebookWatch,
  rollBackRulebook,
  rulebookVersion,
  watchRulebook,
} from '../governance/index.ts'
import { systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { assign } from './assign.ts'
import { readExperiments } from './document.ts'
import { Experiments, type Plan, Playing } from './index.ts'
import { EXPERIMENTS_KEPT, START_NOTICE_MS } from './limits.ts'

const START_MS = Date.UTC(2026, 4, 1, 4)
let redis: Store
let other: Store
let nowMs = START_MS
const clock = { ...systemClock, now: () => nowMs }
const closing: (() => void)[] = []
useRedis(async (server) => {
  redis = await server.connect()
  other = await server.connect()
})
let experiments: Experiments
beforeEach(async () => {
  await redis.flushall()
  nowMs = START_MS
  await ensureRulebook(redis)
  experiments = new Experiments({ store: redis, clock })
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const PLAN: Plan = {
  id: 'likes',
  name: 'Likes',
  unit: 'account',
  goal: 'acts',
  control: 400,
  holdout: 0,
  arms: [
    { id: 'two', name: 'Two', share: 300, changes: [{ field: 'earn.like.points', value: 2 }] },
    { id: 'three', name: 'Three', share: 300, changes: [{ field: 'earn.like.points', value: 3 }] },
  ],
  days: 7,
  guards: { fromViewers: 100 },
  by: 'mei',
}
const PILOT: Plan = {
  ...PLAN,
  id: 'pilot',
  unit: 'room',
  control: 0,
  where: { profiles: ['fresh'], rooms: [] },
  arms: [{ id: 'two', name: 'Two', share: 0, changes: [{ field: 'heat.halfLifeSec', value: 30 }] }],
}
const START = { by: 'mei', review: false }

async function running(plan = PLAN) {
  expect(await experiments.plan(plan)).toMatchObject({ ok: true })
  expect(await experiments.start(plan.id, START)).toMatchObject({ ok: true })
  nowMs += START_NOTICE_MS
}

/** What a process knows, over a connection of its own. */
async function process(store = redis): Promise<{ playing: Playing; watch: RulebookWatch }> {
  const watch = await watchRulebook(store, systemClock, { onChange: () => undefined })
  const rulebook = () => watch.current()
  const playing = await new Playing({ store, clock, rulebook }).start()
  closing.push(
    () => watch.stop(),
    () => playing.stop(),
  )
  return { playing, watch }
}

const likePoints = (playing: Playing, account: number) =>
  playing.of(account).book.earn.find(({ id }) => id === 'like')?.points
const until = (holds: () => boolean) => expect.poll(holds, { timeout: 10_000 }).toBe(true)
const room = (profile: string, id = 'r1') => ({ id, profile })
const ACCOUNTS = Array.from({ length: 200 }, (_, i) => i + 1)

describe('an experiment', () => {
  test('[X4] changes nothing before it is started; its variants are versions that are never current', async () => {
    await experiments.plan(PLAN)
    const { playing } = await process()
    expect(playing.variants).toBeUndefined()
    const before = await currentRulebook(redis)
    expect(await experiments.start('likes', START)).toMatchObject({
      experiment: { state: 'running', base: 1, arms: [{ version: 2 }, { version: 3 }] },
    })
    expect(await currentRulebook(redis)).toEqual(before)
    expect(await rulebookVersion(redis, 3)).toMatchObject({ variantOf: 1, by: 'mei' })
    const next = await publishRulebook(redis, { book: PRESETS.live, by: 'mei' })
    expect(next).toMatchObject({ ok: true, published: { version: 4 } })
    expect((await currentRulebook(redis))?.version).toBe(4)
  })

  test('[X1 003-05] two processes let the same accounts play by the same versions, and again after a restart', async () => {
    await running()
    const [one, two] = [await process(), await process(other)]
    const { all } = await readExperiments(redis)
    const found = ACCOUNTS.map((account) => likePoints(one.playing, account))
    expect(ACCOUNTS.map((account) => likePoints(two.playing, account))).toEqual(found)
    const again = await process()
    expect(ACCOUNTS.map((account) => likePoints(again.playing, account))).toEqual(found)
    const POINTS = [2, 3]
    const base = PRESETS.live.earn.find(({ id }) => id === 'like')?.points
    for (const [i, account] of ACCOUNTS.entries()) {
      const arm = all[0] && assign(all[0], account)
      expect(found[i]).toBe(arm === undefined || arm < 0 ? base : POINTS[arm])
    }
    expect(new Set(found).size).toBe(3)
  })

  test('[X5] begins and ends everywhere at the same instant, also where nobody can be asked', async () => {
    const { playing } = await process()
    await experiments.plan(PLAN)
    await experiments.start('likes', START)
    await until(() => playing.studied.length === 1)
    expect(playing.variants).toBeUndefined()
    nowMs += START_NOTICE_MS
    await until(() => playing.variants !== undefined)
    nowMs += 7 * DAY_MS
    await until(() => playing.variants === undefined)
  })

  test('[X6] ends for everybody in the instant at which another rulebook is current; the winner is published as any other', async () => {
    await running()
    const { playing, watch } = await process()
    expect(playing.variants).toBeDefined()
    expect(await rollBackRulebook(redis, { version: 3, by: 'mei' })).toMatchObject({ ok: true })
    await until(() => watch.current().version === 4)
    expect(playing.variants).toBeUndefined()
    expect(new Set(ACCOUNTS.map((account) => likePoints(playing, account)))).toEqual(new Set([3]))
    expect(watch.current()).not.toHaveProperty('variantOf')
  })

  test('[X7] or one of its arms can be stopped: within a second its accounts play as all do', async () => {
    await running()
    const { playing } = await process(other)
    const of = (points: number) =>
      ACCOUNTS.filter((account) => likePoints(playing, account) === points)
    expect(of(3).length).toBeGreaterThan(0)
    const stopped = await experiments.stop('likes', { by: 'mei', arm: 'three' })
    expect(stopped).toMatchObject({
      experiment: { state: 'running', arms: [{}, { stopped: { why: 'operator', by: 'mei' } }] },
    })
    await until(() => of(3).length === 0)
    expect(of(2).length).toBeGreaterThan(0)
    expect(await experiments.stop('likes', { by: 'mei', arm: 'four' })).toMatchObject({
      code: 'not_found',
      field: 'arm',
    })
    expect(await experiments.stop('likes', { by: 'mei', arm: 'two' })).toMatchObject({
      experiment: { state: 'ended' },
    })
    await until(() => playing.variants === undefined)
    expect(await experiments.stop('likes', { by: 'mei' })).toMatchObject({
      code: 'experiment_state',
    })
  })

  test('[X8] is the only one until it is counted to its end', async () => {
    await running()
    await experiments.plan({ ...PLAN, id: 'next' })
    expect(await experiments.start('next', START)).toMatchObject({ code: 'experiment_runs' })
    await experiments.stop('likes', { by: 'mei' })
    expect(await experiments.start('next', START)).toMatchObject({ code: 'experiment_runs' })
    expect(await experiments.start('likes', START)).toMatchObject({ code: 'experiment_state' })
    expect(await experiments.start('none', START)).toMatchObject({ code: 'not_found' })
  })

  test('[X9] where rules are reviewed is started by another than who planned it', async () => {
    await experiments.plan(PLAN)
    const review = (by: string) => experiments.start('likes', { by, review: true })
    expect(await review('mei')).toMatchObject({ code: 'review_needed' })
    expect(await review('lin')).toMatchObject({ ok: true, experiment: { startedBy: 'lin' } })
  })

  test('[X4] that was planned can be given up, and one that runs cannot', async () => {
    await experiments.plan(PLAN)
    expect(await experiments.discard('likes')).toEqual({ ok: true })
    expect(await experiments.discard('likes')).toMatchObject({ code: 'not_found' })
    await running()
    expect(await experiments.discard('likes')).toMatchObject({ code: 'experiment_state' })
  })

  test('[X10] has its place among fifty; of more the oldest that is done goes', async () => {
    for (let i = 0; i <= EXPERIMENTS_KEPT; i++) await experiments.plan({ ...PLAN, id: `e${i}` })
    const all = await experiments.list()
    expect(all).toHaveLength(EXPERIMENTS_KEPT)
    expect(all[0]).toMatchObject({ id: `e${EXPERIMENTS_KEPT}` })
    expect(all.at(-1)).toMatchObject({ id: 'e1' })
    expect(all[0]).not.toHaveProperty('salt')
  })

  const without = (more: Partial<Plan>) => ({ ...PLAN, ...more })
  test.each<[string, Plan]>([
    ['control', without({ control: 0 })],
    ['control', without({ control: 401 })],
    [
      'arms.1.share',
      without({ arms: PLAN.arms.map((arm, i) => ({ ...arm, share: i === 1 ? 0 : 300 })) }),
    ],
    ['arms.1.id', without({ arms: PLAN.arms.map((arm) => ({ ...arm, id: 'same' })) })],
    ['where', without({ where: { profiles: [], rooms: ['r'] } })],
    ['where', { ...PILOT, where: { profiles: [], rooms: [] } }],
    ['arms', { ...PILOT, arms: PLAN.arms }],
    ['goal', { ...PILOT, goal: 'inflation' }],
    ['guards.inflationMille', { ...PILOT, guards: { inflationMille: 5, fromViewers: 1 } }],
  ])('[X3] that does not fit is refused at %s', async (field, plan) => {
    expect(await experiments.plan(plan)).toMatchObject({ code: 'bad_request', field })
    expect(await experiments.list()).toEqual([])
  })

  test('[X3] whose arm differs where it may not is refused with that field', async () => {
    const arms = [{ ...PLAN.arms[0], changes: [{ field: 'ladder.rungs.1.growth', value: 5 }] }]
    expect(await experiments.plan({ ...PLAN, arms } as Plan)).toMatchObject({
      code: 'experiment_field',
      field: 'ladder.rungs.1.growth',
    })
  })
})

describe('a pilot', () => {
  const halfLife = (playing: Playing, at: { id: string; profile: string }) =>
    playing.inRoom(at).book.heat.halfLifeSec
  const LIVE = PRESETS.live.heat.halfLifeSec

  test('[X11 003-45] is played in the rooms of one category, and by everybody in them', async () => {
    await running(PILOT)
    const { playing } = await process()
    expect([halfLife(playing, room('fresh')), halfLife(playing, room('clothes'))]).toEqual([
      30,
      LIVE,
    ])
    expect(playing.byAccount).toBeUndefined()
    const versions = ACCOUNTS.map((account) => playing.of(account, room('fresh')).version)
    expect(new Set(versions)).toEqual(new Set([2]))
    expect(playing.of(1).version).toBe(1)
  })

  test('[X11 003-45] is widened step by step up to all, and never narrowed', async () => {
    await running(PILOT)
    const { playing } = await process(other)
    const widen = (profiles: string[], rooms: string[] = []) =>
      experiments.widen('pilot', { by: 'lin', profiles, rooms })
    expect(await widen(['clothes'], ['r9'])).toMatchObject({
      experiment: {
        where: { profiles: ['fresh', 'clothes'], rooms: ['r9'] },
        steps: [{ by: 'lin' }],
      },
    })
    await until(() => halfLife(playing, room('clothes')) === 30)
    expect(halfLife(playing, room('', 'r9'))).toBe(30)
    expect(halfLife(playing, room('fresh'))).toBe(30)
    expect(halfLife(playing, room('', 'r8'))).toBe(LIVE)
    await experiments.stop('pilot', { by: 'lin' })
    expect(await widen(['more'])).toMatchObject({ code: 'experiment_state' })
  })
})
