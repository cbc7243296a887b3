/** The numbers of the presets as the scripts pay them: `presets.test.ts` reads them, here they are played. */

import { beforeEach, expect, test } from 'vitest'
import type { Action } from '../../shared/receipt.ts'
import { PRESETS, type PresetName } from '../../shared/rulebook/presets.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import type { ScoredAction } from './score.ts'
import { scoreEvent } from './score-event.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS

/** One viewer in a room under a preset. What it does takes time as it does for people. */
function play(name: PresetName) {
  const bench = createBench(redis, { quests: [], ...PRESETS[name] })
  let nowMs = START_MS
  let seq = 0
  let nonce = 0
  const visit = { account: 5, session: { startMs: START_MS, nonce: 1 } }
  const one = async (action: Action, more: Partial<ScoredAction> = {}) => {
    seq++
    const answer = await bench.one(nowMs, { ...visit, actions: [act(seq, action, more)] })
    nonce = answer.state.watch.nonce
    return answer
  }
  const numbers = new Set(bench.book.earn.map(({ no }) => no))
  /** What the rules paid for it, quests apart; no two comments say the same. */
  const receipts = async (action: Action, more: Partial<ScoredAction> = {}) =>
    (await one(action, { p1: 1000 + seq, ...more })).entry?.receipts.filter(({ ruleNo }) =>
      numbers.has(ruleNo),
    ) ?? []
  const sum = (paid: readonly { points: number; growth: number }[]) => ({
    points: paid.reduce((all, { points }) => all + points, 0),
    growth: paid.reduce((all, { growth }) => all + growth, 0),
  })
  return {
    room: bench.room,
    receipts,
    sumOf: async (action: Action, more?: Partial<ScoredAction>) =>
      sum(await receipts(action, more)),
    /** Beats when they are due, until so much is credited; other things may be done at each. */
    async watch(minutes: number, meanwhile: (beat: number) => Promise<unknown> = async () => {}) {
      const paid = []
      const untilMs = nowMs + minutes * MINUTE_MS
      for (let beat = 0; beat < 1000; beat++) {
        const answer = await one('watch', { p1: nonce, p2: 1000 + seq })
        paid.push(...(answer.entry?.receipts ?? []).filter(({ ruleNo }) => numbers.has(ruleNo)))
        await meanwhile(beat)
        if (nowMs >= untilMs) return sum(paid)
        nowMs = Math.min(answer.state.watch.dueAtMs, untilMs)
      }
      throw new Error('a thousand beats were not enough')
    },
    /** What a shop reports: the purchase in fen, the order, a review. */
    async report(action: Action, units = 1, category?: string) {
      seq++
      const reply = await scoreEvent(redis, {
        ...{ slot: bench.places.slotOf(5), account: 5, id: `event-${seq}`, body: '' },
        ...{ context: bench.room, action, units, category, journalMax: 1000 },
        ...{ aroundMs: nowMs, nowMs },
      })
      return sum(reply.tag === 'applied' ? reply.entry.receipts : [])
    },
    rest: (ms: number) => {
      nowMs += ms
    },
    async rung() {
      const { tier } = (await one('watch', { p1: nonce, p2: 1000 + seq })).state
      return bench.book.ladder.rungs[tier.rung]?.id
    },
  }
}

test('[PR4 001-03 001-04 001-05 001-06 001-07 001-08 001-16 004-03] `live` counts spending and doing into one growth', async () => {
  const viewer = play('live')
  expect(await viewer.sumOf('like', { units: 20 })).toEqual({ points: 20, growth: 1 })
  expect(await viewer.sumOf('comment')).toEqual({ points: 5, growth: 2 })
  // What the gate found too short is no valid comment.
  expect(await viewer.sumOf('comment', { refused: 20 })).toEqual({ points: 0, growth: 0 })
  expect(await viewer.watch(10)).toEqual({ points: 0, growth: 5 })
  expect(await viewer.sumOf('share')).toEqual({ points: 20, growth: 10 })

  await redis.flushall()
  const buyer = play('live')
  expect(await buyer.report('purchase', 88_00)).toEqual({ points: 88, growth: 88 })
  expect(await buyer.report('order')).toEqual({ points: 0, growth: 20 })
})

test('[PR7 001-36 004-01] `live`: a newcomer’s first session earns points and makes Bronze, without buying', async () => {
  const viewer = play('live')
  expect(await viewer.rung()).toBe('regular')
  const watched = await viewer.watch(15, async (beat) => {
    if (beat < 3) await viewer.receipts('comment')
    if (beat === 4) await viewer.receipts('share')
  })
  // 50 points, and a tenth more for the Bronze that comments and share had made by then.
  expect(watched.points).toBe(55)
  expect(await viewer.rung()).toBe('bronze')
})

test('[PR8 001-09] `live`: who is active for two evenings and never buys makes Silver', async () => {
  const viewer = play('live')
  const evening = () =>
    viewer.watch(90, async (beat) => {
      if (beat % 18 === 1) await viewer.receipts('comment')
      if (beat % 120 === 6) await viewer.receipts('question')
      if (beat === 9) await viewer.receipts('share')
    })
  await evening()
  expect(await viewer.rung()).toBe('bronze')
  // The share of the second evening is one of another live.
  viewer.room.live = 8
  viewer.rest(DAY_MS - 90 * MINUTE_MS)
  await evening()
  expect(await viewer.rung()).toBe('silver')
})

test('[PR6 PR9 000-03 000-05] what a question pays is heat x campaign x stage of the product, and more than a purchase in a room for a new one', async () => {
  const viewer = play('live')
  expect(await viewer.sumOf('question')).toMatchObject({ points: 8 })
  viewer.rest(MINUTE_MS)
  viewer.room.profile = 'new_product'
  expect(await viewer.sumOf('question')).toMatchObject({ points: 16 })
  viewer.rest(MINUTE_MS)
  expect(await viewer.sumOf('comment')).toMatchObject({ points: 7 })
  expect(await viewer.report('purchase', 100)).toMatchObject({ points: 1 })
  viewer.rest(MINUTE_MS)
  viewer.room.heatLevel = 1
  const campaign = { campaign: 1, action: 'question' as const, factor: 1250 }
  const title = { zh: '新品首发', en: 'Launch' }
  viewer.room.campaigns = [{ ...campaign, title, startsAtMs: 0, endsAtMs: START_MS + DAY_MS }]
  // 16 by the profile, x 1.1 of heat, x 1.25 of the campaign.
  expect(await viewer.receipts('question')).toMatchObject([
    { points: 22, multipliers: { heat: 1100, campaign: 1250 } },
  ])
})

test('[PR12 002-14 002-15 002-17] `community`: 20 for ten minutes, ten a yuan and 50 an order, 30 for a photo review', async () => {
  const viewer = play('community')
  expect(await viewer.watch(10)).toMatchObject({ points: 20 })
  expect(await viewer.report('review')).toMatchObject({ points: 30 })
  expect(await viewer.report('order')).toMatchObject({ points: 50 })
  expect(await viewer.report('purchase', 88_00)).toMatchObject({ points: 880 })
})

test('[PR12 002-57] `community`: 20 for a good deed up to three a day, and 30 more once waste was sorted three times in a week', async () => {
  const viewer = play('community')
  expect(await viewer.report('deed', 1, 'neighbour_help')).toMatchObject({ points: 20 })
  expect(await viewer.report('deed', 1, 'waste_sorting')).toMatchObject({ points: 20 })
  expect(await viewer.report('deed', 1, 'waste_sorting')).toMatchObject({ points: 20 })
  expect(await viewer.report('deed', 1, 'waste_sorting')).toMatchObject({ points: 30 })
})

test('[PR11 000-01 000-02] `static`: ten points for ten minutes and one a yuan, also where the room boils', async () => {
  const viewer = play('static')
  viewer.room.heatLevel = 5
  expect(await viewer.watch(10)).toMatchObject({ points: 10 })
  expect(await viewer.report('purchase', 100_00)).toMatchObject({ points: 100 })
})

test('[PR13 PR14 003-04 003-07 003-08 003-09 003-19] `mall`: small things pay 5 and 10, the largest order 500, by either reading', async () => {
  const viewer = play('mall')
  expect(await viewer.sumOf('comment')).toMatchObject({ points: 5 })
  expect(await viewer.sumOf('share')).toMatchObject({ points: 10 })
  // The first order is doubled.
  expect(await viewer.report('purchase', 100_00)).toMatchObject({ points: 200 })
  // Its growth made the second rung, which multiplies by 1.2; the cap of an order counts after that.
  expect(await viewer.report('purchase', 100_00)).toMatchObject({ points: 120 })
  expect(await viewer.report('purchase', 9_999_00)).toMatchObject({ points: 500 })

  await redis.flushall()
  const tenth = play('mall_tenth')
  await tenth.report('purchase', 100)
  expect(await tenth.report('purchase', 100_00)).toMatchObject({ points: 10 })
  // 500 before the multiplier of the tier.
  expect(await tenth.report('purchase', 9_999_00)).toMatchObject({ points: 600 })
})
