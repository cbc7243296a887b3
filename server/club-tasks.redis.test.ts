import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RulebookInput } from '../shared/rulebook/schema.ts'
import { DAY_MS, MINUTE_MS } from '../shared/time.ts'
import { type ClubRules, ClubStand } from './fan-clubs.testing.ts'
import { readBudget } from './governance/index.ts'
import type { Store } from './redis/index.ts'
import { dies, dyingAfter } from './redis/testing.ts'
import { useRedis } from './redis/use-redis.testing.ts'

let redis: Store
let on: ClubStand
const ACCOUNTS = [2, 3, 4, 5]
const [ANN = 0, BEN = 0, CID = 0] = ACCOUNTS
useRedis(async (server) => {
  redis = await server.connect()
})
async function begin(rules?: ClubRules, book?: Partial<RulebookInput>) {
  await on?.clean()
  on = await ClubStand.begin(redis, rules, book)
}
beforeEach(() => begin())
afterEach(() => on.clean())

const TASK = { requestId: 'task-one-0001', points: 100, places: 2, minutes: 60 }
const ask = async (
  task: Partial<typeof TASK> & { action?: 'watch' | 'comment'; goal?: number } = {},
) => {
  const all = { ...TASK, action: 'comment' as const, goal: 2, ...task }
  return on.clubsOn().startTask(await on.clubAt(), all)
}
/** A task begins two seconds after it was written. */
const begun = () => {
  on.nowMs += 3000
}

test('[FC9 FC10 FC11 004-14] a task of the host pays the first members who reach it, and nobody else', async () => {
  for (const account of [ANN, BEN, CID]) await on.join(account)
  await on.does(ANN, 'comment')
  expect(await ask()).toMatchObject({ ok: true, task: { task: 1, left: 2, goal: 2 } })
  // What was done before it began does not count.
  await on.count()
  begun()
  for (const account of [ANN, BEN, CID, 5]) {
    await on.does(account, 'comment')
    await on.count()
  }
  expect((await on.viewOf(ANN)).tasks).toMatchObject([{ progress: 1, state: 'open', left: 2 }])
  for (const account of [BEN, ANN, CID, 5]) {
    await on.does(account, 'comment')
    await on.count()
  }
  const sums = await on.given()
  const pointsOf = (account: number) => sums.get(`points ${account}`) ?? 0
  expect([ANN, BEN, CID, 5].map(pointsOf)).toEqual([100, 100, 0, 0])
  expect((await on.viewOf(ANN)).tasks).toMatchObject([{ progress: 2, state: 'paid', left: 0 }])
  expect((await on.viewOf(CID)).tasks).toMatchObject([{ progress: 2, state: 'full' }])
  const { club } = await on.clubsOn().desk(await on.clubAt())
  expect(club).toMatchObject({ members: 3, pointsLeft: 800, tasks: [{ task: 1, left: 0 }] })
})

test('[FC10 004-14] minutes watched in any live of the host count for a task of watching', async () => {
  await on.join(ANN)
  await ask({ action: 'watch', goal: 3 })
  begun()
  await on.watches(ANN, 2)
  await on.count()
  expect((await on.viewOf(ANN)).tasks).toMatchObject([{ progress: 2, state: 'open' }])
  await on.open('market', 'lin')
  await on.watches(ANN, 1)
  await on.count()
  expect((await on.viewOf(ANN)).tasks).toMatchObject([{ progress: 3, state: 'paid' }])
})

test('[FC9] a request starts one task; tasks of a day promise no more than the rules say', async () => {
  expect(await ask()).toMatchObject({ ok: true, task: { task: 1 } })
  expect(await ask()).toMatchObject({ ok: true, task: { task: 1 } })
  expect(await ask({ points: 7 })).toMatchObject({ code: 'id_conflict' })
  const second = { requestId: 'task-two-0002', places: 9 }
  expect(await ask(second)).toMatchObject({ code: 'club_limit', field: 'points', have: 800 })
  expect(await ask({ ...second, places: 8 })).toMatchObject({ ok: true, task: { task: 2 } })
  expect(await ask({ requestId: 'task-six-0006', points: 1, places: 1 })).toMatchObject({ have: 0 })
  // What ended unpaid is free again once nobody can come any more.
  expect(await on.clubsOn().endTask(await on.clubAt(), 2)).toEqual({ ok: true })
  expect(await on.clubsOn().endTask(await on.clubAt(), 2)).toMatchObject({ code: 'task_closed' })
  expect(await ask({ requestId: 'task-ten-0010', places: 8 })).toMatchObject({ have: 0 })
  on.nowMs += 15 * MINUTE_MS
  expect(await ask({ requestId: 'task-ten-0010', places: 8 })).toMatchObject({ ok: true })
  on.nowMs += DAY_MS
  expect(await ask({ requestId: 'task-day-0002', places: 10 })).toMatchObject({ ok: true })
})

test('[FC9] a task takes its promise out of the budget of the live, or is not started', async () => {
  await begin({}, { budget: { points: 250 } })
  expect(await ask()).toMatchObject({ ok: true })
  expect(await ask()).toMatchObject({ ok: true, task: { task: 1 } })
  expect(await ask({ requestId: 'task-two-0002' })).toMatchObject({ field: 'budget' })
  expect(await readBudget(redis, 'kitchen')).toMatchObject({ leased: 200 })
  expect(await ask({ requestId: 'task-two-0003', points: 50, places: 1 })).toMatchObject({
    ok: true,
  })
  expect(await readBudget(redis, 'kitchen')).toMatchObject({ leased: 250 })
})

test('[FC11 FC15 004-14] wherever a worker dies, and where all is rebuilt, who has a place is paid once and places are not exceeded', async () => {
  for (let calls = 0; calls < 26; calls += 1) {
    await begin()
    for (const account of [ANN, BEN, CID]) await on.join(account)
    await ask({ goal: 1 })
    begun()
    for (const account of [ANN, BEN, CID]) await on.does(account, 'comment')
    for (let again = 0; again < 2; again++) await dies(on.count(dyingAfter(redis, calls)))
    if (calls % 3 === 0) await on.loseAll()
    await on.count()
    await on.finish()
    await on.count()
    const paid = [...(await on.given())].filter(([name]) => name.startsWith('points'))
    expect(
      paid.map(([, sum]) => sum),
      `dead after ${calls}`,
    ).toEqual([100, 100])
  }
}, 60_000)

test('[FC11] what was reached before the host ended a task is paid, what comes later is not', async () => {
  for (const account of [ANN, BEN]) await on.join(account)
  await ask({ goal: 1 })
  begun()
  await on.does(ANN, 'comment')
  on.nowMs += 1000
  await on.clubsOn().endTask(await on.clubAt(), 1)
  await on.does(BEN, 'comment')
  await on.count()
  expect([...(await on.given())]).toEqual([[`points ${ANN}`, 100]])
})
