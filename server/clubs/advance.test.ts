import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clubFactor, clubRungAt, FanClubPolicy } from '../../shared/rulebook/fan-club.ts'
import { advanced, joined, type Rules, type Seen, withMember } from './advance.ts'
import { REMEMBERED_MAX } from './limits.ts'
import {
  type Member,
  type Membership,
  NO_MEMBERSHIP,
  packMembership,
  readMembership,
} from './record.ts'
import type { ClubTask } from './tasks.ts'

const label = (zh: string, en: string) => ({ zh, en })
const POLICY = FanClubPolicy.parse({
  rungs: [
    { id: 'new', label: label('新团员', 'New'), growth: 0 },
    { id: 'fan', label: label('铁粉', 'Fan'), growth: 10, platformGrowth: 5 },
    { id: 'love', label: label('挚爱', 'Beloved'), growth: 30, platformGrowth: 20 },
  ],
  earns: { watch: 4, comment: 1, like: 0.1, share: 3, order: 10 },
  perDay: 25,
  byTier: [
    { rung: 'silver', factor: 1.5 },
    { rung: 'gold', factor: 2 },
  ],
})
const HOST = 9
const SINCE = 1_000_000
const TASK: ClubTask = {
  ...{ task: 3, action: 'watch', goal: 10, points: 50, places: 2 },
  ...{ startsAtMs: SINCE, endsAtMs: SINCE + 3_600_000, day: 20_000, brandNo: 1, issuer: 1 },
}
const member = (change: Partial<Member> = {}): Member => ({
  ...{ club: HOST, state: 'in', sinceMs: SINCE, milli: 0, rung: 0, watchedSec: 0, day: 20_000 },
  ...{ dayMilli: 0, paidBy: '', tasks: [], ...change },
})
const holding = (...clubs: Member[]): Membership => ({ ...NO_MEMBERSHIP, clubs })
const rules = (factor = 1, tasks: readonly ClubTask[] = []): Rules => ({
  policy: POLICY,
  factor,
  tasksOf: () => tasks,
})
const seen = (change: Partial<Seen> = {}): Seen => ({
  ...{ club: HOST, atMs: SINCE + 1, day: 20_000, watchedSec: 0, acts: {}, ...change },
})
const run = (of: Membership, all: readonly Seen[], by: Rules) =>
  all.reduce(
    ({ of: before, consequences }, one) => {
      const step = advanced(before, one, by)
      return { of: step.of, consequences: [...consequences, ...step.consequences] }
    },
    { of, consequences: [] as ReturnType<typeof advanced>['consequences'] },
  )

test('[FC3] whole ten minutes, comments, likes, shares and orders count as the rules say', () => {
  const { of } = run(
    holding(member()),
    [
      seen({ watchedSec: 590 }),
      seen({ acts: { comment: 2, like: 5 } }),
      seen({ watchedSec: 20 }),
      seen({ acts: { share: 1 } }),
    ],
    rules(),
  )
  expect(of.clubs[0]).toMatchObject({ milli: 9500, watchedSec: 10, rung: 0 })
})

test('[FC4] a day gives no more than its cap, the next day begins anew', () => {
  const busy = seen({ acts: { order: 9 } })
  const { of } = run(holding(member()), [busy, busy, { ...busy, day: 20_001 }], rules())
  expect(of.clubs[0]).toMatchObject({ milli: 50_000, dayMilli: 25_000, day: 20_001 })
})

test('[FC5 FC6 004-13] a rung that is reached gives growth of the platform, each rung once', () => {
  const { of, consequences } = run(
    holding(member()),
    [1, 2, 3].map((n) => seen({ day: 20_000 + n, acts: { order: 2 } })),
    rules(),
  )
  expect(of.clubs[0]).toMatchObject({ milli: 60_000, rung: 2 })
  expect(consequences).toEqual([
    { kind: 'rung', club: HOST, rung: 'fan', growth: 5 },
    { kind: 'rung', club: HOST, rung: 'love', growth: 20 },
  ])
})

test('[FC5] a rung stays when the rulebook asks for more', () => {
  const { of } = run(holding(member({ rung: 2, milli: 31_000 })), [seen({ acts: { like: 1 } })], {
    ...rules(),
    policy: {
      ...POLICY,
      rungs: POLICY.rungs.map((rung, i) => ({ ...rung, growth: rung.growth * (i + 1) * 10 })),
    },
  })
  expect(of.clubs[0]).toMatchObject({ rung: 2, milli: 31_100 })
})

test('[FC7 004-13] the higher the tier of the platform, the more club growth counts', () => {
  const ladder = ['new', 'bronze', 'silver', 'gold'].map((id) => ({ id }))
  expect([0, 1, 2, 3].map((rung) => clubFactor(POLICY, ladder, rung))).toEqual([1, 1, 1.5, 2])
  const { of } = run(holding(member()), [seen({ acts: { comment: 1, like: 1 } })], rules(1.5))
  expect(of.clubs[0]?.milli).toBe(1650)
  const gone = { ...POLICY, byTier: [{ rung: 'platinum', factor: 3 }] }
  expect(clubFactor(gone, ladder, 3)).toBe(1)
})

test('[FC2] before joining, after leaving and in other clubs nothing counts', () => {
  const before = holding(member())
  for (const one of [
    seen({ atMs: SINCE - 1, acts: { order: 1 } }),
    seen({ club: 8, watchedSec: 900 }),
  ])
    expect(advanced(before, one, rules()).of).toBe(before)
  const left = holding(member({ state: 'left' }))
  expect(advanced(left, seen({ acts: { order: 1 } }), rules()).of).toBe(left)
})

test('[FC10 004-14] a task counts what is done while it runs, and is reached once', () => {
  const { of, consequences } = run(
    holding(member()),
    [
      seen({ atMs: TASK.endsAtMs, watchedSec: 600 }),
      seen({ watchedSec: 599 }),
      seen({ acts: { like: 5 } }),
      seen({ atMs: TASK.endsAtMs - 1, watchedSec: 15 }),
      seen({ atMs: TASK.endsAtMs - 1, watchedSec: 600 }),
    ],
    rules(1, [TASK]),
  )
  expect(of.clubs[0]?.tasks).toEqual([{ task: 3, done: 600, reached: true }])
  expect(consequences.filter(({ kind }) => kind === 'task')).toEqual([
    { kind: 'task', club: HOST, task: 3, points: 50, atMs: TASK.endsAtMs - 1 },
  ])
  // A task that the host's slot has forgotten leaves nothing behind.
  expect(advanced(of, seen({ acts: { share: 1 } }), rules()).of.clubs[0]?.tasks).toEqual([])
})

const Doing = fc.record({
  later: fc.nat(2),
  watchedSec: fc.nat(700),
  comment: fc.nat(3),
  like: fc.nat(30),
  order: fc.nat(1),
})

test('[FC3 FC4] however acts come together, the same growth comes of them, never more than the cap of a day', () => {
  fc.assert(
    fc.property(
      fc.array(Doing, { minLength: 1, maxLength: 30 }),
      fc.constantFrom(1, 1.5, 2, 0.333),
      (doings, factor) => {
        let day = 20_000
        const single: Seen[] = []
        const together = new Map<number, Seen>()
        for (const { later, watchedSec, comment, like, order } of doings) {
          day += later === 2 ? 1 : 0
          single.push(seen({ day, watchedSec, acts: { comment, like, order } }))
          const sum = together.get(day) ?? seen({ day, acts: { comment: 0, like: 0, order: 0 } })
          together.set(day, {
            ...sum,
            watchedSec: sum.watchedSec + watchedSec,
            acts: {
              comment: (sum.acts.comment ?? 0) + comment,
              like: (sum.acts.like ?? 0) + like,
              order: (sum.acts.order ?? 0) + order,
            },
          })
        }
        const one = run(holding(member()), single, rules(factor))
        const all = run(holding(member()), [...together.values()], rules(factor))
        expect(one.of.clubs[0]).toEqual(all.of.clubs[0])
        expect(one.consequences).toEqual(all.consequences)
        const { milli = 0, dayMilli = 0, rung = 0 } = one.of.clubs[0] ?? {}
        expect(dayMilli).toBeLessThanOrEqual(POLICY.perDay * 1000)
        expect(milli).toBeLessThanOrEqual(together.size * POLICY.perDay * 1000)
        expect(rung).toBe(clubRungAt(POLICY, Math.floor(milli / 1000)))
      },
    ),
    { numRuns: 300 },
  )
})

test('[FC12] what an account brings that became one with another is added once; who had left stays out', () => {
  const own = holding(member({ milli: 8000, dayMilli: 3000 }))
  const other = holding(
    member({ milli: 4000, dayMilli: 2000, rung: 1 }),
    member({ club: 7, milli: 500, state: 'left' }),
  )
  const first = joined(own, other, { other: 55, policy: POLICY })
  expect(first.of.clubs.map(({ club, state, milli }) => [club, state, milli])).toEqual([
    [HOST, 'in', 12_000],
    [7, 'left', 500],
  ])
  expect(first.of.clubs[0]).toMatchObject({ rung: 1, dayMilli: 5000 })
  expect(first.consequences).toEqual([{ kind: 'merged', other: 55 }])
  expect(joined(first.of, other, { other: 55, policy: POLICY })).toEqual({
    ...{ of: first.of, consequences: [] },
  })
})

test('[FC2] of clubs that were left only so many are remembered, never one the account is in is dropped', () => {
  let all = holding(member())
  for (let club = 100; club < 100 + REMEMBERED_MAX + 5; club++)
    all = withMember(all, member({ club, state: 'left', sinceMs: club }))
  expect(all.clubs).toHaveLength(REMEMBERED_MAX)
  expect(all.clubs.some(({ club }) => club === HOST)).toBe(true)
  expect(all.clubs.some(({ club }) => club === 100)).toBe(false)
})

test('a record is read as it was written', () => {
  const of: Membership = {
    merged: [5, 2 ** 40],
    forsaken: ['cl-request-1'],
    clubs: [
      member({
        milli: 2 ** 41,
        paidBy: 'cl-request-2',
        tasks: [{ task: 3, done: 9, reached: true }],
      }),
      member({ club: 12, state: 'merged' }),
    ],
  }
  expect(readMembership(packMembership(of, 4))).toEqual({ rev: 4, value: of })
})
