/** One experiment, accounts that act by the version they play, and what the worker counts of them. */

import { afterEach, beforeEach, expect } from 'vitest'
import { type Results, STUDIED } from '../../shared/experiments.ts'
import type { Action } from '../../shared/receipt.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import type { PublishedRulebook, RulebookInput } from '../../shared/rulebook/schema.ts'
import type { VariantChange } from '../../shared/rulebook/variant.ts'
import { MINUTE_MS } from '../../shared/time.ts'
import {
  Experiments,
  type Plan,
  Playing,
  passExperiments,
  readResults,
  type Stopped,
} from '../experiments/index.ts'
import { publishRulebook } from '../governance/index.ts'
import { must, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import {
  Accounts,
  compileContext,
  readJournal,
  type ScoredAction,
  score,
} from '../scoring/index.ts'
import { addWebhook } from '../webhooks/index.ts'
import { economyConsumer } from './economy/consumer.ts'
import type { Study } from './economy/study.ts'
import { ZERO } from './element.ts'
import { tellStopped } from './experiments.ts'
import { readAfter } from './journal.ts'
import { plainReading } from './reading.ts'
import { createStand, type Stand, silent } from './worker.testing.ts'

const LIVE = 7

export const PLAN: Omit<Plan, 'arms'> = {
  id: 'trial',
  name: 'Trial',
  unit: 'account',
  goal: 'costShare',
  control: 500,
  holdout: 0,
  days: 7,
  guards: { fromViewers: 100 },
  by: 'mei',
}

/** A shop with a price for likes and orders, and two rungs. */
export const plain = (change: Partial<RulebookInput> = {}): RulebookInput => ({
  ...PRESETS.live,
  quests: [],
  dailyPoints: undefined,
  earn: [
    { id: 'like', no: 1, action: 'like', points: 1, caps: {} },
    { id: 'purchase', no: 8, action: 'purchase', points: 1, growth: 1, per: 100 },
    {
      ...{ id: 'watch_growth', no: 6, action: 'watch', points: 0, growth: 0 },
      goal: { mode: 'cumulative', minutes: 300 },
    },
  ],
  ladder: {
    id: 'two',
    rungs: [
      { id: 'regular', label: { zh: '普通', en: 'Regular' }, growth: 0 },
      { id: 'silver', label: { zh: '银卡', en: 'Silver' }, growth: 100 },
    ],
  },
  ...change,
})

/** What was found of one arm. */
export const armIn = ({ arms }: Results, id: string) =>
  must(
    arms.find((arm) => arm.id === id),
    id,
  )

/** A Redis, a worker's stand and a clock for the tests of one file; each begins with nothing. */
export function useTrial() {
  let redis: Store
  let stand: Stand
  let nowMs = START_MS
  let playing: Playing
  let current: PublishedRulebook
  const clock = { ...systemClock, now: () => nowMs }
  const rulebook = () => current
  useRedis(async (server) => {
    redis = await server.connect()
  })
  beforeEach(async () => {
    await redis.flushall()
    nowMs = START_MS
    stand = createStand(redis)
    stand.deps.nowMs = () => nowMs
  })
  afterEach(async () => {
    playing?.stop()
    await stand.clean()
  })

  async function publish(book: RulebookInput): Promise<void> {
    const answer = await publishRulebook(redis, { book, by: 'mei', nowMs })
    if (!answer.ok) throw new Error(`${answer.code} ${answer.field}`)
    current = answer.published
  }

  /** Half of the accounts play by the changes. */
  async function begin(changes: VariantChange[], more: Partial<Plan> = {}): Promise<Experiments> {
    const experiments = new Experiments({ store: redis, clock })
    const arms = [{ id: 'other', name: 'Other', share: more.unit === 'room' ? 0 : 500, changes }]
    const planned = await experiments.plan({ ...PLAN, arms, ...more })
    if (!planned.ok) throw new Error(`${planned.code} ${planned.field}`)
    expect(await experiments.start('trial', { by: 'mei', review: false })).toMatchObject({
      ok: true,
    })
    nowMs += MINUTE_MS
    playing = await new Playing({ store: redis, clock, rulebook }).start()
    expect(playing.variants).toBeDefined()
    return experiments
  }

  /** Accounts of each arm, as many as asked for, of both partitions. */
  function accountsOf(n: number) {
    const found = { control: [] as number[], other: [] as number[] }
    for (let account = 2; found.control.length < n || found.other.length < n; account++) {
      const arm = playing.of(account).version === current.version ? found.control : found.other
      if (arm.length < n) arm.push(account)
    }
    return found
  }

  /** Scored as a gateway does: by the version that the account plays. */
  async function doAs(account: number, actions: ScoredAction[]) {
    const { version, book } = playing.of(account, { id: 'r1', profile: '' })
    const room = { ...stand.bench.room, rulebook: version, book, live: LIVE }
    const { slotOf } = stand.bench.places
    const reply = await score(redis, {
      slot: slotOf(account),
      gateway: 1,
      contexts: [compileContext(room, nowMs)],
      viewers: [
        {
          account,
          live: LIVE,
          context: 0,
          session: { startMs: START_MS, nonce: 1 },
          personal: 1000,
          actions,
        },
      ],
      ...{ timeZone: book.timeZone, dailyPoints: 0, allowance: -1, journalMax: 100_000 },
      ...{ nowMs, aroundMs: nowMs },
    })
    const answer = reply.tag === 'scored' ? reply.answers[0] : undefined
    if (answer?.status !== 'ok') throw new Error(`answered ${answer?.status ?? reply.tag}`)
    return answer
  }

  let seq = 0
  const does = (account: number, action: Action, units = 1) =>
    doAs(account, [act(++seq, action, { units })])

  function merchant() {
    const accounts = new Accounts({
      ...{
        store: redis,
        partitions: stand.bench.places,
        clock,
        journalMax: 100_000,
        rulebook,
        playing,
      },
      shards: { epoch: () => 'e1', indexOfSlot: () => 0 },
      readRoom: async () => undefined,
      nowMs: () => nowMs,
    })
    return async (account: number, yuan: number, order = `o${++seq}`) => {
      const what = { action: 'purchase' as const, units: yuan * 100, order }
      const answer = await accounts.scoreEvent({
        id: order,
        body: order,
        account,
        brand: 'acme',
        ...what,
      })
      if (!answer.ok) throw new Error(answer.code)
      return answer
    }
  }

  /** Of what stands in the experiment's document, as the worker has it. */
  const studies = (): Study[] =>
    playing.studied.map(({ id, unit, startsAtMs = 0, endsAtMs = 0, ended }) => ({
      id,
      fromMs: startsAtMs,
      untilMs: ended?.atMs ?? endsAtMs,
      byVersion: unit === 'room',
      fenOf: () => 100,
    }))

  /** Counts what the journal has, as the worker does, in batches of a few elements. */
  async function count(atOnce = 3): Promise<void> {
    const consumer = economyConsumer({
      ...{ store: redis, rulebook, clock, log: silent, studies },
      reading: plainReading,
    })
    for (const [index, slot] of stand.bench.places.slots.entries()) {
      const place = { slot, index }
      await consumer.open?.(place, ZERO)
      const all = await readAfter(redis, slot, { after: ZERO, limit: 100_000 })
      for (let at = 0; at < all.length; at += atOnce)
        await consumer.handle(place, all.slice(at, at + atOnce))
    }
  }

  const told = (stopped: Stopped) => tellStopped(redis, 'acme', stopped)
  const pass = (isCounted = true, brownoutLevel = 0, onStopped = told) =>
    passExperiments({
      onStopped,
      ...{ store: redis, partitions: stand.bench.places, clock, log: silent },
      brownoutLevel: () => brownoutLevel,
      isCounted: async () => isCounted,
    })

  /** Answers what the platform has been told since, as often as it was. */
  async function listen(): Promise<() => Promise<object[]>> {
    const added = await addWebhook(redis, {
      brand: 'acme',
      url: 'https://shop.test/hook',
      events: ['experiment.stopped'],
    })
    if (!added.ok) throw new Error(added.code)
    return async () => {
      const bodies = await redis.hvals(`ff:{cfg}:hook-bodies:${added.webhook.id}`)
      return bodies.map((text) => (JSON.parse(text) as { data: object }).data)
    }
  }

  async function found(): Promise<Results> {
    await count()
    await pass(false)
    return must(await readResults(redis, 'trial'), 'results')
  }
  /** Everything that happened since it began, once more and by other means: from whole receipts and moves. */
  async function recounted(accounts: readonly number[]) {
    const sums = Object.fromEntries(STUDIED.map((name) => [name, 0])) as Record<string, number>
    const add = (name: string, by: number) => {
      sums[name] = (sums[name] ?? 0) + by
    }
    const buckets = new Set(['spendable', 'session', 'pending', 'held', 'frozen'])
    for (const slot of stand.bench.places.slots)
      for (const { bytes } of await readAfter(redis, slot, { after: ZERO, limit: 100_000 })) {
        const { atMs, entries, ledger, kept } = readJournal(bytes)
        if (atMs < (playing.studied[0]?.startsAtMs ?? 0)) continue
        for (const { account, receipts } of entries)
          for (const { points } of accounts.includes(account) ? receipts : []) {
            add('issued', points)
            add('net', points)
          }
        for (const { account, moves } of ledger)
          for (const { from, to, points } of accounts.includes(account) ? moves : []) {
            if (to === 'spent') add('spent', points)
            if (from === 'spent') add('spent', -points)
            if (buckets.has(to)) add('net', points)
            if (buckets.has(from)) add('net', -points)
          }
        for (const { account, fields } of kept)
          for (const [name, value] of accounts.includes(account) ? fields : [])
            if (name === 'fen') add('salesFen', Number(value))
      }
    return sums
  }

  const redeem = async (account: number, points: number) => {
    const { wallets } = stand.deps
    const id = `h${++seq}`
    const of = {
      account,
      id,
      points,
      forMs: 60_000,
      use: 'redemption' as const,
      at: 1,
      issuers: [1],
    }
    expect(await wallets.hold({ ...of, live: LIVE })).toMatchObject({ ok: true })
    expect(await wallets.capture({ account, id })).toMatchObject({ ok: true })
  }

  return {
    get redis() {
      return redis
    },
    get playing() {
      return playing
    },
    get current() {
      return current
    },
    get nowMs() {
      return nowMs
    },
    set nowMs(ms: number) {
      nowMs = ms
    },
    get partitions() {
      return stand.bench.places
    },
    /** Begins anew, with that many partitions. */
    async renew(partitions: number) {
      await stand.clean()
      stand = createStand(redis, { partitions })
      stand.deps.nowMs = () => nowMs
    },
    act: (action: Action, of: Parameters<typeof act>[2] = {}) => act(++seq, action, of),
    publish,
    begin,
    accountsOf,
    doAs,
    does,
    merchant,
    count,
    pass,
    told,
    listen,
    found,
    recounted,
    redeem,
  }
}
