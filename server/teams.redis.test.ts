import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RulebookInput } from '../shared/rulebook/schema.ts'
import type { TeamTaskView, TeamView } from '../shared/teams.ts'
import { MINUTE_MS } from '../shared/time.ts'
import { composeTeams } from './app/teams.ts'
import { mergedIntoKey } from './merges/keys.ts'
import type { Store } from './redis/index.ts'
import { dies, dyingAfter } from './redis/testing.ts'
import { useRedis } from './redis/use-redis.testing.ts'
import { readJournal } from './scoring/index.ts'
import type { Teams } from './teams/index.ts'
import { budgetKey, claimsKey, todoKey } from './teams/keys.ts'
import { ActingStand } from './worker/acting.testing.ts'
import { ZERO } from './worker/element.ts'
import { readAfter } from './worker/journal.ts'
import { plainReading } from './worker/reading.ts'
import { teamsConsumer } from './worker/teams.ts'

const TASK = {
  id: 'cheer',
  title: { zh: '好友合力点赞', en: 'Cheer together' },
  action: 'like',
  target: 20,
  most: 15,
  least: 4,
  min: 2,
  max: 3,
  points: 30,
  budget: 180,
} satisfies NonNullable<RulebookInput['teamTasks']>[number]
type Task = NonNullable<RulebookInput['teamTasks']>[number]

const ACCOUNTS = [2, 3, 4, 5, 6]
const [ANN = 0, BEN = 0, CID = 0, DOT = 0, EVE = 0] = ACCOUNTS
const runs = Number(process.env.FANFARE_TEST_RUNS ?? 8)

let redis: Store
let on: ActingStand
let brandNo = 0
useRedis(async (server) => {
  redis = await server.connect()
})

async function begin(task: Partial<Task> = {}) {
  await redis.flushall()
  await on?.clean()
  on = new ActingStand(redis, { teamTasks: [{ ...TASK, ...task }] })
  brandNo = (await on.open('kitchen')).brandNo
}
beforeEach(() => begin())
afterEach(() => on.clean())

const teamsOn = (store: Store = redis): Teams =>
  composeTeams({
    core: on.coreOn(store),
    wallets: on.walletsOn(store),
    tell: async () => undefined,
    nowMs: () => on.nowMs,
  })

const comer = (account: number, network = `net-${account}`) => ({ account, brandNo, network })
const open = (account: number, store: Store = redis) => teamsOn(store).open(comer(account), TASK.id)
const join = (account: number, code: string, store: Store = redis) =>
  teamsOn(store).join(comer(account), code)
const leave = (account: number, store: Store = redis) =>
  teamsOn(store).leave(comer(account), TASK.id)
const taskOf = async (account: number): Promise<TeamTaskView> => {
  const [task] = (await teamsOn().read(comer(account))).tasks
  if (!task) throw new Error('no task')
  return task
}
const teamOf = async (account: number): Promise<TeamView | undefined> =>
  (await taskOf(account)).team
async function opened(account: number): Promise<string> {
  expect(await open(account)).toMatchObject({ ok: true })
  on.nowMs += 1
  return (await teamOf(account))?.code ?? ''
}
const partsOf = async (account: number) =>
  (await teamOf(account))?.members.map(({ part, paid }) => [part, paid])

const consumerOn = (store: Store, teams = teamsOn(store)) =>
  teamsConsumer({ store, teams, reading: plainReading })
/** What is not counted yet, by a worker on that store, in batches of so many elements; then teams are told. */
async function count(store: Store = redis, upTo?: number) {
  const teams = teamsOn(store)
  await on.countBy(consumerOn(store, teams), upTo)
  for (const { slot } of on.places) await teams.pass(slot)
}
/** A worker later, until nothing is left to be done. */
async function settle() {
  for (let again = 0; again < 2; again++) {
    on.nowMs += MINUTE_MS
    await count()
  }
  for (const { slot } of on.places) expect(await redis.zcard(todoKey(slot))).toBe(0)
}
async function ledger() {
  const elements = await Promise.all(
    on.places.map(({ slot }) => readAfter(redis, slot, { after: ZERO, limit: 5000 })),
  )
  return elements.flat().flatMap(({ bytes }) => readJournal(bytes).ledger)
}
/** Points that teams paid, by account. */
async function paid(): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>()
  for (const { account, cause, moves } of await ledger())
    if (cause === 'team_task')
      found.set(account, [...(found.get(account) ?? []), moves[0]?.points ?? 0])
  return found
}
const putAside = async () => {
  const names = await redis.keys('ff:{t:cheer}:teamput:*')
  return Number((await redis.hget(names[0] ?? 'none', '#')) ?? 0)
}

test('[TT1 TT4 TT7 003-23] friends in different partitions reach the target together, and each is paid once with a receipt', async () => {
  const code = await opened(ANN)
  expect(await join(BEN, code)).toMatchObject({ ok: true })
  on.nowMs += 1
  await on.does(ANN, 'like', 12)
  await on.does(BEN, 'like', 7)
  await count()
  expect(await teamOf(ANN)).toMatchObject({
    sum: 19,
    members: [{ you: true, part: 12 }, { part: 7 }],
  })
  expect((await teamOf(ANN))?.reached).toBeUndefined()
  await on.does(BEN, 'like', 1)
  await count()
  await settle()
  expect(await teamOf(BEN)).toMatchObject({ reached: true, sum: 20 })
  expect([...(await paid())].sort()).toEqual([
    [ANN, [30]],
    [BEN, [30]],
  ])
  const own = (await ledger()).find(
    ({ cause, account }) => cause === 'team_task' && account === BEN,
  )
  expect(own).toMatchObject({ subject: 'team cheer like 8 20 2', ref: `team-${code}` })
})

test('[TT2] what was done before joining, after leaving or after the end counts for nothing', async () => {
  await on.does(ANN, 'like', 9)
  on.nowMs += 1
  const code = await opened(ANN)
  await join(BEN, code)
  await on.does(BEN, 'like', 5)
  await count()
  expect(await partsOf(ANN)).toEqual([
    [0, undefined],
    [5, undefined],
  ])
  expect(await leave(BEN)).toMatchObject({ ok: true })
  await on.does(BEN, 'like', 5)
  await count()
  expect(await partsOf(ANN)).toEqual([[0, undefined]])
  on.nowMs = (await taskOf(ANN)).endsAtMs + 1
  await on.does(ANN, 'like', 9)
  await count()
  expect(await redis.hget(claimsKey(on.placeOf(ANN).slot, ANN), 'cheer.none')).toBeNull()
  expect((await taskOf(ANN)).team).toBeUndefined()
})

test('[TT3] one member cannot carry the team, and who did too little is not paid until there is enough', async () => {
  const code = await opened(ANN)
  for (const account of [BEN, CID]) await join(account, code)
  on.nowMs += 1
  await on.does(ANN, 'like', 40)
  await count()
  expect(await partsOf(ANN)).toEqual([
    [15, undefined],
    [0, undefined],
    [0, undefined],
  ])
  await on.does(BEN, 'like', 5)
  await on.does(CID, 'like', 3)
  await count()
  await settle()
  expect([...(await paid()).keys()].sort()).toEqual([ANN, BEN])
  await on.does(CID, 'like', 1)
  await settle()
  expect([...(await paid()).keys()].sort()).toEqual([ANN, BEN, CID])
})

test('[TT3] minutes watched make whole minutes, whatever lives they come from; questions are comments', async () => {
  await begin({ action: 'watch', target: 4, most: 3, least: 1 })
  const code = await opened(ANN)
  await join(BEN, code)
  on.nowMs += 1
  await on.watches(ANN, 5)
  await on.watches(BEN, 1)
  await settle()
  expect(await teamOf(ANN)).toMatchObject({ reached: true, members: [{ part: 3 }, { part: 1 }] })
  expect((await paid()).size).toBe(2)
})

test('[TT5] one team each at a time, no more than there are places, few from one network, and nobody by a made-up code', async () => {
  const code = await opened(ANN)
  expect(await open(ANN)).toMatchObject({ ok: true, tasks: [{ team: { code } }] })
  const other = await opened(BEN)
  expect(await join(BEN, code)).toMatchObject({ code: 'team_limit', field: 'team' })
  expect(await join(CID, 'AAAAABBBBB')).toMatchObject({ code: 'not_found' })
  expect(await teamsOn().join({ ...comer(CID), brandNo: brandNo + 1 }, code)).toMatchObject({
    code: 'not_found',
  })
  expect(await join(CID, code)).toMatchObject({ ok: true })
  expect(await join(DOT, code)).toMatchObject({ ok: true })
  expect(await join(EVE, code)).toMatchObject({ code: 'team_limit', field: 'size' })
  // Refused, so free for the other one.
  expect(await join(EVE, other)).toMatchObject({ ok: true })
  await begin({ sameNetwork: 1 })
  const third = await opened(ANN)
  expect(await teamsOn().join(comer(BEN, `net-${ANN}`), third)).toMatchObject({
    ...{ code: 'team_limit', field: 'network' },
  })
})

test('[TT5] a team that has reached its target is not joined and not left', async () => {
  const code = await opened(ANN)
  await join(BEN, code)
  await on.does(ANN, 'like', 15)
  await on.does(BEN, 'like', 5)
  await count()
  expect(await join(CID, code)).toMatchObject({ code: 'task_closed' })
  expect(await leave(BEN)).toMatchObject({ code: 'task_closed' })
  expect((await teamOf(BEN))?.members).toHaveLength(2)
})

test('[TT6] a team is opened only where all its places can be paid, and gives that back when all have left', async () => {
  await opened(ANN)
  const second = await opened(BEN)
  expect(await putAside()).toBe(180)
  expect(await open(CID)).toMatchObject({ code: 'team_limit', field: 'budget' })
  expect(await taskOf(CID)).toMatchObject({ full: true })
  await leave(BEN)
  expect(await putAside()).toBe(90)
  expect(await join(DOT, second)).toMatchObject({ code: 'not_found' })
  expect(await open(CID)).toMatchObject({ ok: true })
  expect(await redis.pttl(budgetKey('cheer', 0))).toBe(-2)
})

test('[TT1 TT7] of two workers that have a partition at once only one counts', async () => {
  const code = await opened(ANN)
  await join(BEN, code)
  await on.does(ANN, 'like', 3)
  await on.does(ANN, 'like', 3)
  const place = on.placeOf(ANN)
  const all = await readAfter(redis, place.slot, { after: ZERO, limit: 100 })
  const [first, second] = [consumerOn(redis), consumerOn(redis)]
  for (const one of [first, second]) await one.open?.(place, ZERO)
  await first.handle(place, all.slice(0, 1))
  await expect(second.handle(place, all)).rejects.toThrow('got further')
  await first.handle(place, all.slice(1))
  await settle()
  expect(await partsOf(ANN)).toEqual([
    [6, undefined],
    [0, undefined],
  ])
})

/** Two accounts become one, as far as teams can tell. */
const merge = (from: number, into: number) =>
  redis.hset(mergedIntoKey, String(from), `${into} m${from}`)

test('[TT7] one person is paid once also where the account that came second was paid before the two became one', async () => {
  const code = await opened(ANN)
  for (const account of [BEN, CID]) await join(account, code)
  on.nowMs += 1
  await on.does(ANN, 'like', 3)
  await on.does(BEN, 'like', 9)
  await on.does(CID, 'like', 9)
  await settle()
  expect([...(await paid()).keys()].sort()).toEqual([BEN, CID])
  // What was done before the merge is counted after it.
  await on.does(ANN, 'like', 1)
  await merge(ANN, BEN)
  await settle()
  expect([...(await paid()).keys()].sort()).toEqual([BEN, CID])
})

test('[TT7] whoever of a team becomes one with whom, and when, with a death anywhere: a person is paid once, and what was paid before stays', async () => {
  const one = fc.nat(2)
  const step = fc.record({
    what: fc.constantFrom('like', 'like', 'like', 'merge', 'count'),
    ...{ one, two: one, much: fc.integer({ min: 1, max: 9 }), dies: fc.option(fc.nat(14)) },
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 16 }), async (steps) => {
      await begin()
      const members = [ANN, BEN, CID]
      const code = await opened(ANN)
      for (const account of members.slice(1)) await join(account, code)
      on.nowMs += 1
      const done = new Map(members.map((account) => [account, 0]))
      const person = new Map(members.map((account) => [account, account]))
      /** Of each that became one with another: what its persons had been paid by then. */
      const before = new Map<number, number>()
      const sumOf = async (of: number) => {
        const found = await paid()
        const own = members.filter((account) => person.get(account) === of)
        return own.reduce((sum, account) => sum + (found.get(account)?.length ?? 0), 0)
      }
      for (const { what, one, two, much, dies: calls } of steps) {
        const [account, other] = [members[one] ?? ANN, members[two] ?? ANN]
        on.nowMs += 1000
        if (what === 'like') {
          await on.does(account, 'like', much)
          done.set(account, (done.get(account) ?? 0) + much)
        } else if (what === 'count')
          await dies(count(calls === null ? redis : dyingAfter(redis, calls)))
        else {
          const [from, into] = [person.get(account) ?? 0, person.get(other) ?? 0]
          if (from === into) continue
          await settle()
          const sum = (await sumOf(from)) + (await sumOf(into))
          await merge(from, into)
          for (const [member, now] of person) if (now === from) person.set(member, into)
          before.set(into, sum)
        }
      }
      await settle()
      const parts = (account: number) => Math.min(TASK.most, done.get(account) ?? 0)
      const reached = members.reduce((sum, account) => sum + parts(account), 0) >= TASK.target
      for (const of of new Set(person.values())) {
        const own = members.filter((account) => person.get(account) === of)
        const isOwed = reached && own.some((account) => parts(account) >= TASK.least)
        expect(await sumOf(of)).toBe(Math.max(before.get(of) ?? 0, isOwed ? 1 : 0))
      }
      expect(await putAside()).toBe(90)
    }),
    { numRuns: 2 * runs },
  )
}, 120_000)

test('[TT8] wherever opening, joining, counting and paying are cut off, each is paid once', async () => {
  for (let calls = 0; calls < 30; calls++) {
    await begin()
    await dies(open(ANN, dyingAfter(redis, calls)))
    await settle()
    const code = (await teamOf(ANN))?.code ?? (await opened(ANN))
    await dies(join(BEN, code, dyingAfter(redis, calls)))
    await settle()
    if (!(await teamOf(BEN))) expect(await join(BEN, code)).toMatchObject({ ok: true })
    await on.does(ANN, 'like', 15)
    await on.does(BEN, 'like', 5)
    for (let again = 0; again < 2; again++) await dies(count(dyingAfter(redis, calls)))
    await settle()
    expect([...(await paid())].sort(), `dead after ${calls}`).toEqual([
      [ANN, [30]],
      [BEN, [30]],
    ])
    expect(await putAside(), `dead after ${calls}`).toBe(90)
  }
}, 60_000)

test('[TT9] of who is erased no team knows anything but the number of who was paid', async () => {
  const code = await opened(ANN)
  await join(BEN, code)
  await teamsOn().forget(BEN)
  await teamsOn().forget(BEN)
  expect((await teamOf(ANN))?.members).toHaveLength(1)
  expect(await redis.exists(claimsKey(on.placeOf(BEN).slot, BEN))).toBe(0)
  await teamsOn().forget(ANN)
  expect(await putAside()).toBe(0)
})

test('[TT1] without team tasks in the rules, or without members, nothing stays but the cursor', async () => {
  await on.does(ANN, 'like', 5)
  await count()
  const { slot } = on.placeOf(ANN)
  expect(await redis.keys('ff:*:team*')).toEqual([])
  expect((await on.cursorOf(slot, 'teams')).ms).toBeGreaterThan(0)
})

const Step = fc.record({
  who: fc.nat(4),
  what: fc.constantFrom('open', 'join', 'leave', 'like', 'like', 'like', 'count'),
  much: fc.integer({ min: 1, max: 9 }),
  /** Calls after which it dies; most do not. */
  dies: fc.option(fc.nat(14), { freq: 3 }),
  upTo: fc.integer({ min: 1, max: 9 }),
})

test('[TT1 TT3 TT6 TT7 TT8] whatever is cut off and repeated, parts are what was done, within what one may do, each is paid once, and the budget holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Step, { minLength: 10, maxLength: 45 }), async (steps) => {
      await begin()
      const codes: string[] = []
      /** What each did since it came into its team, as its claim says. */
      const done = new Map<number, { code: string; likes: number }>()
      const look = async (account: number) => {
        const team = await teamOf(account)
        if (!team) done.delete(account)
        else if (done.get(account)?.code !== team.code)
          done.set(account, { code: team.code, likes: 0 })
      }
      for (const { who, what, much, dies: calls, upTo } of steps) {
        const account = ACCOUNTS[who] ?? 0
        const store = calls === null ? redis : dyingAfter(redis, calls)
        on.nowMs += 1000
        if (what === 'like') {
          await on.does(account, 'like', much)
          const own = done.get(account)
          if (own) own.likes += much
          continue
        }
        if (what === 'count') {
          await dies(count(store, upTo))
          continue
        }
        // What was done before is counted first, so that the model knows in which team it was.
        await count()
        const before = done.get(account)
        if (what === 'open') await dies(open(account, store))
        if (what === 'join') {
          const code = codes[much % Math.max(1, codes.length)]
          if (code) await dies(join(account, code, store))
        }
        if (what === 'leave') await dies(leave(account, store))
        await settle()
        await look(account)
        const now = done.get(account)
        if (what === 'leave' && calls === null && before) {
          // A team that has reached its target is not left.
          if (now) expect((await teamOf(account))?.reached).toBe(true)
        }
        if (now && !codes.includes(now.code)) codes.push(now.code)
      }
      await settle()
      const paidTo = await paid()
      const claimed = new Map<string, number>()
      for (const account of ACCOUNTS) {
        const team = await teamOf(account)
        const own = team?.members.find(({ you }) => you)
        if (team) claimed.set(team.code, 90)
        expect(own?.part).toBe(team && Math.min(TASK.most, done.get(account)?.likes ?? 0))
        const isOwed = team?.reached && (own?.part ?? 0) >= TASK.least
        expect(paidTo.get(account)).toEqual(isOwed ? [30] : undefined)
      }
      expect(await putAside()).toBe([...claimed.values()].reduce((sum, one) => sum + one, 0))
      expect(await putAside()).toBeLessThanOrEqual(TASK.budget)
    }),
    { numRuns: runs },
  )
}, 120_000)
