import { afterAll, expect, test } from 'vitest'
import type { RulebookInput } from '../../../shared/rulebook/schema.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/time.ts'
import type { Store } from '../../redis/index.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { act, createBench, START_MS } from '../../scoring/bench.testing.ts'
import { platformContext } from '../../scoring/compile.ts'
import { Random } from '../../scoring/random.testing.ts'
import { type EventCall, scoreEvent } from '../../scoring/score-event.ts'
import { createSandboxStand, sourcesOf } from './sandbox.testing.ts'

let redis: Store
let sandbox: ReturnType<typeof createSandboxStand>
useRedis(
  async (server) => {
    redis = await server.connect()
    sandbox = createSandboxStand(redis)
  },
  ['--appendonly', 'no'],
)
afterAll(() => sandbox.clean())

/** Another range is played with `SEED=20000 HISTORIES=500`. */
const FROM = Number(process.env.SEED ?? 1)
const HISTORIES = Number(process.env.HISTORIES ?? 3)
const STEPS = 80
const ACCOUNTS = 3
const title = { zh: 'x', en: 'x' }

const RULES: Partial<RulebookInput> = {
  earn: [
    { id: 'like', no: 1, action: 'like', points: 1, growth: 1 },
    { id: 'share', no: 2, action: 'share', points: 2, growth: 3, caps: { perDay: 1 } },
    { id: 'order', no: 3, action: 'order', points: 20, growth: 20, caps: { perDay: 2 } },
  ],
  ladder: {
    id: 'low',
    rungs: [0, 40, 200].map((growth, i) => ({ id: `r${i}`, label: title, growth })),
  },
  quests: [
    {
      ...{ id: 'here', no: 1, title, action: 'sign_in', period: 'streak', cycle: 'stay' },
      steps: [1, 2, 3, 4, 5].map((goal) => ({ goal, points: goal })),
    },
    {
      ...{ id: 'seven', no: 2, title, action: 'sign_in', period: 'streak' },
      season: { from: '12-20', until: '01-05', percent: 60 },
      steps: [{ goal: 7, points: 50 }],
    },
    {
      ...{ id: 'browse', no: 3, title, action: 'browse', period: 'day' },
      steps: [{ goal: 3, points: 10 }],
    },
    {
      ...{ id: 'shares', no: 4, title, action: 'share', period: 'week' },
      steps: [
        { goal: 1, points: 5 },
        { goal: 3, points: 15, growth: 4 },
      ],
    },
    {
      ...{ id: 'first', no: 5, title, action: 'follow', period: 'once', newDays: 3 },
      steps: [{ goal: 1, points: 20 }],
    },
    {
      ...{ id: 'orders', no: 6, title, action: 'order', period: 'streak', cycle: 'end' },
      steps: [
        { goal: 2, points: 30 },
        { goal: 3, points: 100, rungs: 1 },
      ],
    },
    {
      ...{ id: 'silver', no: 7, title, action: 'like', period: 'week', minRung: 1 },
      ...{ inRoom: true, needs: 'shares' },
      steps: [{ goal: 20, points: 9 }],
    },
  ],
}

/** Weeks of three accounts, over the ends of months, of a year and of summer time. */
async function playHistory(seed: number) {
  await redis.flushall()
  const r = new Random(seed)
  const timeZone = r.pick(['Europe/Berlin', 'Asia/Shanghai', 'America/New_York'] as const)
  const bench = createBench(redis, {
    ...RULES,
    timeZone,
    demotion: r.chance(0.5)
      ? { kind: 'highWater' }
      : { kind: 'grace', windowDays: 2, warnDays: 1, share: 1 },
  })
  let atMs = r.pick([
    Date.UTC(2026, 2, 26),
    Date.UTC(2026, 5, 28),
    Date.UTC(2026, 9, 23),
    Date.UTC(2026, 11, 28),
    Date.UTC(2028, 1, 26),
  ])
  for (let step = 1; step <= STEPS; step++) {
    atMs += r.pick([1000, MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS - HOUR_MS]) + r.below(HOUR_MS)
    const account = 1 + r.below(ACCOUNTS)
    if (r.chance(0.3)) {
      const call: EventCall = {
        ...{ slot: bench.places.slotOf(account), account, id: `e${step}`, body: '', units: 1 },
        context: r.chance(0.5) ? bench.room : platformContext(1, bench.book, bench.room.issuer),
        action: r.pick(['order', 'sign_in', 'follow', 'review'] as const),
        ...{ journalMax: 1_000_000, aroundMs: atMs, nowMs: atMs },
      }
      const reply = await scoreEvent(redis, call)
      if (reply.tag !== 'applied') throw new Error(reply.tag)
      continue
    }
    const actions = Array.from({ length: r.between(1, 4) }, (_, i) => {
      const action = r.pick(['sign_in', 'browse', 'share', 'follow', 'like', 'like'] as const)
      return act(step * 10 + i, action, action === 'like' ? { units: r.between(1, 9) } : {})
    })
    await bench.score(
      atMs,
      [{ account, session: { startMs: START_MS, nonce: account }, actions }],
      {
        allowance: r.chance(0.1) ? r.below(30) : -1,
      },
    )
  }
  return bench.book
}

async function madeAgain(seed: number): Promise<void> {
  const book = await playHistory(seed)
  const dataDirs = [await sandbox.archive()]
  const { proof } = await sandbox.run({ sources: sourcesOf([book]), dataDirs })
  expect({ seed, found: proof.differences }).toEqual({ seed, found: [] })
  expect(proof.sameEntries).toBe(proof.entries)
  expect(proof.sameBalances).toBe(proof.balances)
}

test(
  `[DR1 DR6] quests, streaks and rungs that fall make the same ledger again (${HISTORIES} histories from seed ${FROM})`,
  async () => {
    for (let seed = FROM; seed < FROM + HISTORIES; seed++) await madeAgain(seed)
  },
  30_000 + HISTORIES * 5000,
)

test('[DR1] seed 133: a like that the budget did not pay, the first after a fall, leaves the growth there was', () =>
  madeAgain(133))
