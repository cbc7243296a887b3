import { beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { setSafe } from '../rooms/index.ts'
import { act, createBench } from '../scoring/bench.testing.ts'
import { readAccount } from '../scoring/index.ts'
import { accountKey } from '../wallet/index.ts'
import { Effects } from './effects.ts'
import { createEffectsStand, type EffectsStand, ROOM } from './testing.ts'
import { hostAccount } from './tips.ts'

let redis: Store
let stand: EffectsStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = await createEffectsStand(redis)
  await stand.give(ANNA, 1000)
})

const ANNA = 7
const BEN = 8
const broadcast = (requestId = 'request1', text = '主播生日快乐') => ({
  effect: 'broadcast' as const,
  requestId,
  text,
})
const kinds = async () => (await stand.moments()).map(({ kind }) => kind)
const asks = async () => (await stand.effects.readHost(ROOM)).asks

describe('the same request over two connections', () => {
  /** One that is refused, while the other comes between its refusal and the return of its points. */
  const refusedFirst = (want: Parameters<Effects['buy']>[1], between: () => Promise<unknown>) => {
    const { wallets } = stand.deps
    const slow = new Effects({
      ...stand.deps,
      wallets: {
        hold: (of) => wallets.hold(of),
        capture: (of) => wallets.capture(of),
        issue: (of) => wallets.issue(of),
        readHold: (of) => wallets.readHold(of),
        async void(of) {
          await between()
          return wallets.void(of)
        },
      },
    })
    return slow.buy(stand.buyer(ANNA), want)
  }

  test('[E2] a broadcast that found no place in the queue is not shown for nothing by another that finds one', async () => {
    await stand.give(ANNA, 5000)
    const waiting = stand.book.effects.broadcast?.waiting ?? 0
    for (let i = 0; i < waiting; i++)
      await stand.effects.buy(stand.buyer(ANNA), broadcast(`waits-00${i}`))
    const first = await refusedFirst(broadcast('twice-01'), async () => {
      for (const ask of await asks()) await stand.effects.approve(ROOM, ask)
      await stand.effects.buy(stand.buyer(ANNA), broadcast('twice-01'))
    })
    expect(first).toMatchObject({ code: 'limit_reached' })
    for (const ask of await asks()) await stand.effects.approve(ROOM, ask)
    const shown = (await kinds()).filter((kind) => kind === 'broadcast.shown')
    const { spent } = await stand.totals()
    expect(spent).toBe(shown.length * 300)
  })

  test('[E2 E9] a tip that was told is paid, and one that was refused pays no host', async () => {
    const crowd = Array.from({ length: 30 }, (_, i) => 100 + i)
    const tip = (requestId: string) => ({ effect: 'tip' as const, requestId, points: 10 })
    for (const account of crowd) {
      await stand.give(account, 10)
      await stand.effects.buy(stand.buyer(account), tip(`tip-of-${account}`))
    }
    const before = await stand.totals()
    const first = await refusedFirst(tip('twice-01'), async () => {
      stand.clock.nowMs += 10_000
      await stand.effects.buy(stand.buyer(ANNA), tip('twice-01'))
    })
    expect(first).toMatchObject({ code: 'busy' })
    expect(await stand.totals()).toEqual(before)
    expect((await kinds()).filter((kind) => kind === 'tip.given')).toHaveLength(30)
  })
})

describe('broadcasts', () => {
  test('[E5 000-20] it waits for the host; approved, it is shown once and paid', async () => {
    const buyer = stand.buyer(ANNA)
    expect(await stand.effects.buy(buyer, broadcast())).toEqual({ ok: true, state: 'waiting' })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 700, held: 300 })
    const [ask] = await asks()
    expect(ask).toMatchObject({ text: '主播生日快乐', name: 'viewer 7', points: 300 })
    if (!ask) throw new Error('nothing waits')
    expect(await stand.effects.approve(ROOM, ask)).toEqual({ ok: true })
    expect(await stand.effects.approve(ROOM, ask)).toEqual({ ok: true })
    expect(await stand.effects.reject(ROOM, ask)).toMatchObject({ code: 'ask_gone' })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 700, held: 0 })
    expect((await kinds()).filter((kind) => kind === 'broadcast.shown')).toHaveLength(1)
    expect(await asks()).toEqual([])
    // A repeat of the purchase says what it came to and takes nothing.
    expect(await stand.effects.buy(buyer, broadcast())).toEqual({ ok: true, state: 'done' })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[E5] rejected, silenced or waited too long: the points are back and nothing is shown', async () => {
    const buyer = stand.buyer(ANNA)
    await stand.effects.buy(buyer, broadcast('rejected1'))
    const [ask] = await asks()
    if (!ask) throw new Error('nothing waits')
    expect(await stand.effects.reject(ROOM, ask)).toEqual({ ok: true })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000, held: 0 })

    await stand.effects.buy(buyer, broadcast('silenced1'))
    const [waiting] = await asks()
    await setSafe(redis, { room: ROOM, safe: true, nowMs: stand.clock.nowMs })
    if (!waiting) throw new Error('nothing waits')
    expect(await stand.effects.approve(ROOM, waiting)).toMatchObject({ code: 'stage_safe' })
    await stand.effects.silence(ROOM)
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000, held: 0 })
    expect(await stand.effects.buy(buyer, broadcast('silenced2'))).toMatchObject({
      code: 'stage_safe',
    })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000, held: 0 })
    await setSafe(redis, { room: ROOM, safe: false, nowMs: stand.clock.nowMs })

    await stand.effects.buy(buyer, broadcast('waited12'))
    const [late] = await asks()
    stand.pass(180_000)
    if (!late) throw new Error('nothing waits')
    expect(await asks()).toEqual([])
    expect(await stand.effects.approve(ROOM, late)).toMatchObject({ code: 'ask_gone' })
    stand.pass(60_001)
    const hold = await stand.wallets.readHold({ account: ANNA, id: late.id })
    if (!hold) throw new Error('no hold')
    expect(await stand.effects.settleHold({ ...hold, account: ANNA })).toBe('void')
    await stand.wallets.void({ account: ANNA, id: late.id, lapsed: true })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000, held: 0 })
    expect(await kinds()).not.toContain('broadcast.shown')
    const listed = await stand.effects.list(buyer, { broadcast: 'waited12', boosted: false })
    expect(listed.broadcast).toBe('lapsed')
    expect(await stand.imbalance()).toBe(0)
  })

  test('[E6] a viewer has one waiting, a text has its length, and points must be there', async () => {
    const buyer = stand.buyer(ANNA)
    await stand.effects.buy(buyer, broadcast('request1'))
    expect(await stand.effects.buy(buyer, broadcast('request2'))).toMatchObject({
      code: 'limit_reached',
    })
    expect(await stand.effects.buy(buyer, broadcast('request3', '长'.repeat(31)))).toMatchObject({
      code: 'text_refused',
    })
    expect(await stand.effects.buy(stand.buyer(BEN), broadcast())).toMatchObject({
      code: 'points_short',
      have: 0,
    })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 700, held: 300 })
  })
})

describe('what is owned', () => {
  test('[E7 000-19] a colour and an entrance are owned for days, and more days are added', async () => {
    const buyer = stand.buyer(ANNA)
    const buy = (requestId: string) =>
      stand.effects.buy(buyer, { effect: 'colour', requestId, colour: 'sky' })
    const startMs = stand.clock.nowMs
    expect(await buy('colour01')).toEqual({ ok: true, state: 'done' })
    expect(await buy('colour01')).toEqual({ ok: true, state: 'done' })
    const owned = () => stand.effects.ownership({ account: ANNA, rung: 0 })
    expect(await owned()).toEqual({
      colour: { value: 'sky', by: 'bought', untilMs: startMs + 7 * DAY_MS },
    })
    stand.pass(DAY_MS)
    await buy('colour02')
    await stand.effects.buy(buyer, { effect: 'entrance', requestId: 'enter001', entrance: 'soft' })
    expect(await owned()).toMatchObject({
      colour: { value: 'sky', untilMs: startMs + 14 * DAY_MS },
      entrance: { value: 'soft', by: 'bought' },
    })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000 - 80 - 80 - 120, held: 0 })
    stand.pass(14 * DAY_MS)
    expect(await owned()).toEqual({})
    expect(await stand.imbalance()).toBe(0)
  })

  test('[E7 004-11] the tier gives its own without a purchase; the stronger counts and the weaker is kept', async () => {
    const owned = (rung: number) => stand.effects.ownership({ account: ANNA, rung })
    expect(await owned(1)).toEqual({})
    expect(await owned(2)).toEqual({ colour: { value: 'sky', by: 'tier' } })
    expect(await owned(3)).toEqual({
      colour: { value: 'gold', by: 'tier' },
      entrance: { value: 'soft', by: 'tier' },
    })
    await stand.effects.buy(stand.buyer(ANNA), {
      effect: 'colour',
      requestId: 'colour01',
      colour: 'rose',
    })
    expect(await owned(2)).toMatchObject({ colour: { value: 'rose', by: 'bought' } })
    expect(await owned(3)).toMatchObject({ colour: { value: 'gold', by: 'tier' } })
    expect(await owned(0)).toMatchObject({ colour: { value: 'rose', by: 'bought' } })
  })

  test('[E4] what the rulebook does not sell moves nothing', async () => {
    const buyer = stand.buyer(ANNA)
    expect(
      await stand.effects.buy(buyer, { effect: 'colour', requestId: 'colour01', colour: 'gold' }),
    ).toMatchObject({ code: 'not_on_sale' })
    expect(
      await stand.effects.buy(buyer, { effect: 'tip', requestId: 'tip00001', points: 11 }),
    ).toMatchObject({ code: 'not_on_sale' })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000, held: 0 })
  })

  test('[E8] owners who come in together are one moment, each once in ten minutes', async () => {
    const arrivals = [1, 2, 3, 4, 5].map((n) => ({
      handle: `viewer000${n}`,
      name: n === 2 ? '' : `观众${n}`,
      entrance: n === 4 ? ('grand' as const) : ('soft' as const),
    }))
    const tell = (some = arrivals) => stand.effects.tellEntrances({ room: ROOM, arrivals: some })
    expect(await tell()).toEqual({ told: 5 })
    const shown = (await stand.moments()).filter(({ kind }) => kind === 'entrance.shown')
    expect(shown).toMatchObject([
      { entrance: 'grand', names: ['观众1', '观众3', '观众4'], others: 2 },
    ])
    expect(await tell()).toEqual({ afterMs: 3000 })
    stand.pass(3000)
    expect(await tell()).toEqual({ told: 0 })
    stand.pass(600_000)
    expect(await tell(arrivals.slice(0, 1))).toEqual({ told: 1 })
  })
})

describe('tips', () => {
  const tip = (requestId: string, points = 200) =>
    stand.effects.buy(stand.buyer(ANNA), { effect: 'tip', requestId, points })

  test('[E9 000-23] the host gets a share in an account nobody has a ticket for; all sums are counted', async () => {
    expect(await tip('tip00001')).toEqual({ ok: true, state: 'done' })
    expect(await tip('tip00001')).toEqual({ ok: true, state: 'done' })
    expect(await tip('tip00002', 50)).toEqual({ ok: true, state: 'done' })
    const host = await hostAccount(stand.deps, { room: ROOM, brand: 'b' })
    expect(await stand.balance(host)).toEqual({ spendable: 125, held: 0 })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 750, held: 0 })
    expect((await stand.effects.readHost(ROOM)).tips).toEqual({
      given: 250,
      toHost: 125,
      burned: 125,
    })
    expect((await kinds()).filter((kind) => kind === 'tip.given')).toHaveLength(2)
    expect(await stand.imbalance()).toBe(0)
  })

  test('[E9 000-18] burned for the effect, a tip is a sink: the points are spent and nobody gets them', async () => {
    stand = await createEffectsStand(redis, {
      effects: { tip: { policy: 'burnForEffect', hostShare: 0.5, amounts: [50], perLive: 100 } },
    })
    await tip('tip00001', 50)
    await tip('tip00002', 50)
    expect(await tip('tip00003', 50)).toMatchObject({ code: 'limit_reached' })
    expect((await stand.effects.readHost(ROOM)).tips).toEqual({
      given: 100,
      toHost: 0,
      burned: 100,
    })
    expect(await stand.totals()).toMatchObject({ issued: 1000, spent: 100, spendable: 900 })
  })

  test('[E2] an act that comes after its hold was given up is refused, and the points stay', async () => {
    // As a slow call sees it: the hold was there when it was asked, and is overdue by the time it acts.
    const { hold } = stand.wallets
    const slow = {
      ...stand.deps,
      wallets: {
        hold: async (...of: Parameters<typeof hold>) => {
          const held = await stand.wallets.hold(...of)
          if (!held.ok) return held
          const overdue = { ...held.hold, account: ANNA }
          expect(await stand.effects.settleHold(overdue)).toBe('void')
          await stand.wallets.void({ account: ANNA, id: held.hold.id, lapsed: true, op: 'late' })
          return held
        },
        capture: stand.wallets.capture.bind(stand.wallets),
        void: stand.wallets.void.bind(stand.wallets),
        issue: stand.wallets.issue.bind(stand.wallets),
        readHold: stand.wallets.readHold.bind(stand.wallets),
      },
    }
    const late = new Effects(slow)
    expect(
      await late.buy(stand.buyer(ANNA), { effect: 'tip', requestId: 'tip00001', points: 50 }),
    ).toMatchObject({ code: 'hold_closed' })
    expect(
      await late.buy(stand.buyer(ANNA), { effect: 'colour', requestId: 'col00001', colour: 'sky' }),
    ).toMatchObject({ code: 'hold_closed' })
    expect(await late.buy(stand.buyer(ANNA), broadcast())).toMatchObject({ code: 'hold_closed' })
    expect(await stand.effects.ownership({ account: ANNA, rung: 0 })).toEqual({})
    expect(await kinds()).toEqual([])
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000, held: 0 })
  })

  test('[E9] a flood is turned away, and what was turned away cost nothing', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `flood${String(i).padStart(3, '0')}`)
    const answers = await Promise.all(ids.map((id) => tip(id, 10)))
    const given = answers.filter(({ ok }) => ok).length
    expect(given).toBe(30)
    expect(await stand.balance(ANNA)).toEqual({ spendable: 1000 - 10 * given, held: 0 })
    expect(await stand.imbalance()).toBe(0)
  })
})

describe('the day pass', () => {
  test('[E10 001-23] a rung higher until the account’s day ends; growth, rung and promotions stay', async () => {
    const buyer = stand.buyer(ANNA)
    const read = async () => {
      const reading = await readAccount(redis, {
        slot: stand.places.slotOf(ANNA),
        account: ANNA,
        live: buyer.live,
        session: { startMs: 0, nonce: 0 },
        timeZone: 'Asia/Shanghai',
        aroundMs: stand.clock.nowMs,
        nowMs: stand.clock.nowMs,
      })
      return reading?.state.tier
    }
    const before = await read()
    const buy = (requestId: string) => stand.effects.buy(buyer, { effect: 'boost', requestId })
    expect(await buy('boost001')).toEqual({ ok: true, state: 'done' })
    // Noon in Shanghai: twelve hours are left of the day.
    const untilMs = stand.clock.nowMs + DAY_MS / 2
    expect(await read()).toEqual({ ...before, boost: { rungs: 1, untilMs } })
    expect(await buy('boost002')).toMatchObject({ code: 'not_on_sale' })
    expect(await stand.balance(ANNA)).toEqual({ spendable: 800, held: 0 })
    expect(await kinds()).toEqual([])
    stand.clock.nowMs = untilMs
    expect(await read()).toEqual(before)
    expect(await buy('boost003')).toEqual({ ok: true, state: 'done' })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[E10 001-23] while it lasts an award carries the factor of the rung above', async () => {
    const bench = createBench(redis)
    let seq = 0
    const like = async () => {
      const atMs = stand.clock.nowMs + seq * 1000
      const { entry } = await bench.one(atMs, { account: ANNA, actions: [act(++seq, 'like')] })
      return entry?.receipts[0]?.multipliers.tier
    }
    expect(await like()).toBe(1000)
    await stand.effects.buy(stand.buyer(ANNA), { effect: 'boost', requestId: 'boost001' })
    expect(await like()).toBe(1100)
    stand.pass(DAY_MS / 2)
    expect(await like()).toBe(1000)
  })

  test('[E10] the record of the account is torn by nothing: its points are what they were', async () => {
    const key = accountKey(stand.places.slotOf(ANNA), ANNA)
    const before = await redis.getBuffer(key)
    await stand.effects.buy(stand.buyer(ANNA), { effect: 'boost', requestId: 'boost001' })
    await stand.give(ANNA, 5)
    expect(await stand.balance(ANNA)).toEqual({ spendable: 805, held: 0 })
    expect((await redis.getBuffer(key))?.length).toBeGreaterThan(before?.length ?? 0)
  })
})
