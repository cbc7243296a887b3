import { beforeEach, expect, test } from 'vitest'
import type { RulebookInput } from '../../shared/rulebook/schema.ts'
import { DAY_MS, HOUR_MS } from '../../shared/time.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { accountKey, readAccountRecord, totalsKey } from '../wallet/index.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import { QuestModel, type Said } from './quests.model.ts'
import { Random } from './random.testing.ts'
import { type StoredReceipt, toReceipt } from './receipts.ts'
import { scoreEvent } from './score-event.ts'

type QuestInput = NonNullable<RulebookInput['quests']>[number]

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
  },
  ['--appendonly', 'no'],
)
beforeEach(async () => {
  await redis.flushall()
})

const title = { zh: '任务', en: 'Quest' }
const quest = (of: Omit<QuestInput, 'title'>): QuestInput => ({ title, ...of })
const days = (...points: number[]) => points.map((n, i) => ({ goal: i + 1, points: n }))
const ACCOUNT = 5

const QUESTS = [
  quest({
    id: 'sign_in',
    no: 1,
    action: 'sign_in',
    period: 'streak',
    cycle: 'stay',
    steps: days(1, 2, 3, 4, 5),
  }),
  quest({
    id: 'week_of',
    no: 2,
    action: 'sign_in',
    period: 'streak',
    steps: [{ goal: 7, points: 50 }],
  }),
  quest({ id: 'browse', no: 3, action: 'browse', period: 'day', steps: [{ goal: 5, points: 10 }] }),
  quest({
    id: 'shares',
    no: 4,
    action: 'share',
    period: 'week',
    steps: [
      { goal: 1, points: 5 },
      { goal: 3, points: 15, growth: 4 },
      { goal: 6, points: 40 },
    ],
  }),
  quest({
    id: 'first',
    no: 5,
    action: 'follow',
    period: 'once',
    newDays: 3,
    steps: [{ goal: 1, points: 20 }],
  }),
  quest({
    id: 'shopping',
    no: 6,
    action: 'order',
    period: 'streak',
    cycle: 'end',
    steps: [
      { goal: 3, points: 30 },
      { goal: 7, points: 100, rungs: 1 },
    ],
  }),
  quest({
    id: 'snacks',
    no: 7,
    action: 'purchase',
    period: 'week',
    category: 'snacks',
    steps: [{ goal: 100, points: 60, growth: 3 }],
  }),
  quest({
    id: 'expert',
    no: 8,
    action: 'review',
    period: 'week',
    needs: 'snacks',
    steps: [{ goal: 1, points: 40 }],
  }),
  quest({
    id: 'here',
    no: 9,
    action: 'sign_in',
    period: 'day',
    inRoom: true,
    season: { from: '10-20', until: '03-05', percent: 60 },
    steps: [{ goal: 1, points: 5 }],
  }),
  quest({
    id: 'silver',
    no: 10,
    action: 'browse',
    period: 'week',
    minRung: 1,
    steps: [{ goal: 4, points: 9 }],
  }),
]

const LADDER = {
  id: 'flat',
  rungs: [0, 60, 400].map((growth, i) => ({ id: `r${i}`, label: title, growth })),
}

function stand(more: Partial<RulebookInput> = {}) {
  const bench = createBench(redis, {
    quests: QUESTS,
    ladder: LADDER,
    timeZone: 'Europe/Berlin',
    earn: [
      { id: 'like', no: 1, action: 'like', points: 1 },
      { id: 'share', no: 2, action: 'share', points: 2, caps: { perDay: 1 } },
    ],
    ...more,
  })
  const slot = bench.places.slotOf(ACCOUNT)
  const shown = (receipts: readonly StoredReceipt[]) =>
    receipts.map((one) => toReceipt(one, { book: bench.book, rulebook: 1, atMs: 0 }))
  /** Of quests alone. */
  const said = (receipts: readonly StoredReceipt[]): Said[] =>
    shown(receipts)
      .filter(({ action }) => action === 'task')
      .map(({ rule, reason, points, growth, units, counted }) => {
        if (reason !== 'earned' && reason !== 'progress') throw new Error(reason)
        return { rule, reason, points, growth, units, counted }
      })
  let seq = 0
  return {
    ...bench,
    said,
    shown,
    /** A command of the viewer in the room. */
    async does(atMs: number, action: Parameters<typeof act>[1], units = 1) {
      const { entry } = await bench.one(atMs, {
        account: ACCOUNT,
        actions: [act(++seq, action, { units })],
      })
      return must(entry, 'something applied').receipts
    },
    event: (
      atMs: number,
      id: string,
      of: {
        action: 'order' | 'purchase' | 'review' | 'sign_in'
        units?: number
        live?: number
        category?: string
      },
    ) =>
      scoreEvent(redis, {
        slot,
        account: ACCOUNT,
        id,
        body: id,
        context: { ...bench.room, live: of.live ?? 0 },
        action: of.action,
        units: of.units ?? 1,
        category: of.category,
        journalMax: 1_000_000,
        aroundMs: atMs,
        nowMs: atMs,
      }),
    async wallet() {
      const raw = must((await redis.getBuffer(accountKey(slot, ACCOUNT))) ?? undefined, 'a record')
      const { wallet } = readAccountRecord(raw)
      const spendable = wallet.lots.reduce((sum, { points }) => sum + points, 0)
      const totals = await redis.hgetall(totalsKey(slot))
      return { issued: wallet.issued, spendable, totals: Number(totals.issued ?? 0) }
    },
  }
}

const berlin = (text: string): number => Date.parse(text)

test('[Q4 003-09 001-19] signing in pays 1 to 5, rising with the streak, and 50 for seven days in a row', async () => {
  const { does, said } = stand()
  const paid: number[][] = []
  for (let day = 0; day < 9; day++)
    paid.push(
      said(await does(START_MS + day * DAY_MS, 'sign_in'))
        .filter(({ rule }) => rule !== 'here')
        .map(({ points }) => points),
    )
  expect(paid.map(([rising]) => rising)).toEqual([1, 2, 3, 4, 5, 5, 5, 5, 5])
  expect(paid.map(([, week]) => week)).toEqual([0, 0, 0, 0, 0, 0, 50, 0, 0])
  // A day is missed: it begins anew.
  expect(said(await does(START_MS + 10 * DAY_MS, 'sign_in'))[0]).toMatchObject({ points: 1 })
})

test('[Q4] a streak goes over the day that has 23 hours and the one that has 25, by the calendar', async () => {
  const { does, said } = stand()
  // Clocks go forward on 2026-03-29 and back on 2026-10-25.
  const moments = [
    ['2026-03-28T23:59:00+01:00', 1],
    ['2026-03-29T00:01:00+01:00', 2],
    ['2026-03-29T23:59:00+02:00', undefined],
    ['2026-03-30T00:01:00+02:00', 3],
    ['2026-10-24T23:59:00+02:00', 1],
    ['2026-10-25T00:30:00+02:00', 2],
    ['2026-10-25T23:30:00+01:00', undefined],
    ['2026-10-26T00:01:00+01:00', 3],
  ] as const
  for (const [text, points] of moments) {
    const first = said(await does(berlin(text), 'sign_in')).find(({ rule }) => rule === 'sign_in')
    expect([text, first?.points]).toEqual([text, points])
  }
})

test('[Q6] a second check-in of the day says so, and when the next one counts; nothing is paid', async () => {
  const { does, shown } = stand({ quests: QUESTS.slice(0, 2) })
  const atMs = berlin('2026-06-01T12:00:00+02:00')
  expect(shown(await does(atMs, 'sign_in')).map(({ rule, reason }) => [rule, reason])).toEqual([
    ['', 'progress'],
    ['sign_in', 'earned'],
    ['week_of', 'progress'],
  ])
  expect(shown(await does(atMs + HOUR_MS, 'sign_in'))).toMatchObject([
    {
      rule: '',
      action: 'sign_in',
      reason: 'quest_done',
      points: 0,
      resetsAtMs: berlin('2026-06-02T00:00:00+02:00'),
    },
  ])
})

test('[Q2 003-11] five product pages pay 10, once a day, and each says how far it is', async () => {
  const { does, said } = stand()
  const told: unknown[] = []
  for (let i = 0; i < 6; i++)
    for (const { reason, points, counted, units } of said(
      await does(START_MS + i * 1000, 'browse'),
    ))
      told.push([reason, points, `${counted}/${units}`])
  expect(told).toEqual([
    ['progress', 0, '1/5'],
    ['progress', 0, '2/5'],
    ['progress', 0, '3/5'],
    ['progress', 0, '4/5'],
    ['earned', 10, '1/1'],
  ])
})

test('[Q2 003-12] the steps of a quest grow; who does much at once reaches several', async () => {
  const { does, said } = stand()
  expect(
    said(await does(START_MS, 'share', 4)).map(({ points, growth }) => [points, growth]),
  ).toEqual([
    [5, 0],
    [15, 4],
  ])
  expect(said(await does(START_MS, 'share', 2)).map(({ points }) => points)).toEqual([40])
})

test('[Q4 Q8 003-25] seven days of orders in a row pay 100 and raise the tier, once ever', async () => {
  const { event, said } = stand()
  const paid: Said[] = []
  let rung = 0
  for (let day = 0; day < 16; day++) {
    const reply = await event(START_MS + day * DAY_MS, `o${day}`, { action: 'order' })
    if (reply.tag !== 'applied') throw new Error(reply.tag)
    paid.push(...said(reply.entry.receipts).filter(({ reason }) => reason === 'earned'))
    rung = reply.state.tier.rung
  }
  expect(paid.map(({ points, growth }) => [points, growth])).toEqual([
    [30, 0],
    [100, 60],
  ])
  expect(rung).toBe(1)
})

test('[Q5 000-28] an expert of a category spends there, then reviews', async () => {
  const { event, said } = stand()
  const does = async (id: string, of: Parameters<typeof event>[2]) => {
    const reply = await event(START_MS, id, of)
    if (reply.tag !== 'applied') throw new Error(reply.tag)
    return said(reply.entry.receipts).map(({ rule, reason }) => `${rule} ${reason}`)
  }
  expect(await does('1', { action: 'review' })).toEqual([])
  expect(await does('2', { action: 'purchase', units: 20_000, category: 'tea' })).toEqual([])
  const half = { action: 'purchase', units: 5000, category: 'snacks' } as const
  expect(await does('3', half)).toEqual(['snacks progress'])
  expect(await does('4', { action: 'review' })).toEqual([])
  expect(await does('5', half)).toEqual(['snacks earned'])
  expect(await does('6', { action: 'review' })).toEqual(['expert earned'])
})

test('[Q7 003-30] in its season the check-in pays 3 instead of 5', async () => {
  const { does, said } = stand()
  const here = async (text: string) =>
    said(await does(berlin(text), 'sign_in')).find(({ rule }) => rule === 'here')?.points
  expect(await here('2026-10-19T23:59:59+02:00')).toBe(5)
  expect(await here('2026-10-20T00:00:01+02:00')).toBe(3)
  expect(await here('2027-03-05T23:59:59+01:00')).toBe(3)
  expect(await here('2027-03-06T00:00:01+01:00')).toBe(5)
})

test('[Q7] a context that was compiled before midnight pays what the day behind it pays', async () => {
  const { said, places, room } = stand()
  const midnight = berlin('2026-10-20T00:00:00+02:00')
  const reply = await scoreEvent(redis, {
    slot: places.slotOf(ACCOUNT),
    account: ACCOUNT,
    id: 'late',
    body: '',
    context: room,
    action: 'sign_in',
    units: 1,
    journalMax: 1000,
    aroundMs: midnight - 2000,
    nowMs: midnight + 1000,
  })
  if (reply.tag !== 'applied') throw new Error(reply.tag)
  expect(said(reply.entry.receipts).find(({ rule }) => rule === 'here')?.points).toBe(3)
})

test('[Q5 000-26] what is for the new is for nobody who was there before, and for the new some days', async () => {
  const before = stand({ quests: [] })
  await before.does(START_MS, 'like')
  const now = stand()
  const follow = async (account: number, atMs: number) => {
    const session = { startMs: START_MS, nonce: 9 }
    const { entry } = await now.one(atMs, { account, session, actions: [act(1, 'follow')] })
    return now.said(must(entry, 'something applied').receipts)
  }
  expect(await follow(ACCOUNT, START_MS)).toEqual([])
  expect(await follow(ACCOUNT + 1, START_MS)).toMatchObject([{ rule: 'first', points: 20 }])
  for (const [account, days, paid] of [
    [ACCOUNT + 2, 2, 20],
    [ACCOUNT + 3, 3, undefined],
  ] as const) {
    await now.one(START_MS, { account, actions: [act(1, 'like')] })
    const [line] = await follow(account, START_MS + days * DAY_MS)
    expect([days, line?.points]).toEqual([days, paid])
  }
})

test('[Q2 S11] what the allowance does not let through is done all the same, and says why', async () => {
  const bench = stand()
  const reply = await bench.score(START_MS, [{ account: ACCOUNT, actions: [act(1, 'follow')] }], {
    allowance: 8,
  })
  const [answer] = reply.tag === 'scored' ? reply.answers : []
  if (answer?.status !== 'ok') throw new Error('not scored')
  expect(bench.shown(answer.entry?.receipts ?? [])).toMatchObject([
    { rule: '', action: 'follow', reason: 'progress' },
    { rule: 'first', title, reason: 'budget', points: 8 },
  ])
})

const SEEDS = process.env.LONG === undefined ? 6 : 400
const STEPS = 90
const ACTIONS = [
  'sign_in',
  'browse',
  'share',
  'follow',
  'order',
  'purchase',
  'review',
  'like',
] as const

test(`[Q1 Q2 Q3 Q4 Q5 Q7 Q8] ${SEEDS} histories over weeks and changes of clocks: the script says what the rules say`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    await redis.flushall()
    const bench = stand()
    const model = new QuestModel(bench.book)
    const random = new Random(seed)
    let atMs = berlin(
      random.pick(['2026-03-20T11:00:00Z', '2026-10-16T11:00:00Z', '2026-12-24T23:30:00Z']),
    )
    const seqs = [0, 0]
    const sent: { device: number; seq: number; action: (typeof ACTIONS)[number]; units: number }[] =
      []
    let issuedByRules = 0
    for (let step = 0; step < STEPS; step++) {
      const gap = random.pick([1000, HOUR_MS, 6 * HOUR_MS, DAY_MS - HOUR_MS, DAY_MS, 40 * HOUR_MS])
      atMs += gap + random.below(HOUR_MS)
      const again = random.chance(0.15) ? random.pickFrom(sent) : undefined
      if (again) {
        // A device that did not hear the answer sends the same again.
        const { device, seq, action, units } = again
        const answer = await bench.one(atMs, {
          account: ACCOUNT,
          session: { startMs: START_MS, nonce: device + 1 },
          actions: [act(seq, action, { units })],
        })
        expect([seed, step, answer.entry]).toEqual([seed, step, undefined])
        continue
      }
      const action = random.pick(ACTIONS)
      const bought = action === 'purchase'
      const category = random.pick(['snacks', 'tea'])
      const units = bought ? random.between(1, 20_000) : random.between(1, 3)
      let receipts: StoredReceipt[]
      const byServer = bought || random.chance(0.3)
      if (byServer) {
        const of = { action: action as 'order', units, category, live: bench.room.live }
        const reply = await bench.event(atMs, `e${step}`, of)
        const repeat = await bench.event(atMs, `e${step}`, of)
        if (reply.tag !== 'applied' || repeat.tag !== 'replayed') throw new Error(reply.tag)
        receipts = reply.entry.receipts
      } else {
        const device = random.below(2)
        const seq = (seqs[device] ?? 0) + 1
        seqs[device] = seq
        sent.splice(0, Math.max(0, sent.length - 10))
        sent.push({ device, seq, action, units })
        const answer = await bench.one(atMs, {
          account: ACCOUNT,
          session: { startMs: START_MS, nonce: device + 1 },
          actions: [act(seq, action, { units })],
        })
        receipts = must(answer.entry, 'something applied').receipts
      }
      const expected = model.act({ atMs, action, units, live: bench.room.live, category })
      expect([seed, step, action, bench.said(receipts)]).toEqual([seed, step, action, expected])
      issuedByRules += receipts
        .filter((one) => one.action !== 'task')
        .reduce((sum, { points }) => sum + points, 0)
    }
    const { issued, spendable, totals } = await bench.wallet()
    expect([seed, issued, spendable, totals]).toEqual([
      seed,
      ...Array(3).fill(model.points + issuedByRules),
    ])
  }
})
