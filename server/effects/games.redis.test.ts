import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { type DrawProof, verifyDraw } from '../../shared/draw.ts'
import { formatAccount } from '../../shared/ids.ts'
import { DAY_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { dyingAt } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { gameKeysOf } from './keys.ts'
import { readProof } from './results.ts'
import { createEffectsStand, type EffectsStand, ROOM } from './testing.ts'

let redis: Store
let stand: EffectsStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = await createEffectsStand(redis)
})

const title = { zh: '今晚抽奖', en: 'Draw of the night' }
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

async function openDraw(more: object = {}) {
  const opened = await stand.effects.openDraw(ROOM, {
    requestId: 'opening1',
    box: false,
    title,
    prizes: [
      { points: 500, voucher: '', winners: 1 },
      { points: 0, voucher: '燕麦片一袋', winners: 2 },
    ],
    seconds: 60,
    ...more,
  })
  if (!opened.ok) throw new Error(opened.code)
  return opened.draw
}
const openBoxes = () =>
  openDraw({
    box: true,
    prizes: [
      { points: 50, voucher: '', odds: 2000 },
      { points: 0, voucher: '新品试吃', odds: 3000 },
    ],
  })
async function proofOf(game: number): Promise<DrawProof> {
  const proof = await readProof(redis, { room: ROOM, game })
  if (!proof.ok) throw new Error(proof.code)
  return proof
}
const enter = (account: number, draw: number, more: object = {}) =>
  stand.effects.enterDraw(stand.buyer(account), {
    requestId: `entry-${account}-1`,
    draw,
    tickets: 1,
    free: false,
    ...more,
  })

describe('draws for members', () => {
  const GOLD = 3
  const gold = (account: number) => stand.buyer(account, { rung: GOLD, growth: 1000 })
  const ask = (buyer: ReturnType<typeof gold>, draw: number, more: object = {}) =>
    stand.effects.enterDraw(buyer, {
      requestId: `entry-${buyer.account}-1`,
      draw,
      tickets: 1,
      free: false,
      ...more,
    })

  test('[E20 004-12] only who has the rung takes part, free or not; others are told which rung and how far it is', async () => {
    await stand.give(1, 100)
    await stand.give(2, 100)
    const { draw, rung } = await openDraw({ rung: GOLD })
    expect(rung).toBe(GOLD)
    const { label, growth } = stand.book.ladder.rungs[GOLD] ?? {}
    const silver = stand.buyer(1, { rung: 2, growth: 130 })
    for (const free of [true, false]) {
      const refused = await ask(silver, draw, { free, requestId: `silver-${free}` })
      expect(refused).toMatchObject({
        code: 'tier_needed',
        tier: { rung: GOLD, label, growthMissing: (growth ?? 0) - 130 },
      })
    }
    expect(await stand.balance(1)).toEqual({ spendable: 100, held: 0 })
    expect(await ask(gold(2), draw, { free: true })).toMatchObject({ ok: true, first: 1 })
    const seen = async (buyer: ReturnType<typeof gold>) =>
      (await stand.effects.list(buyer, { boosted: false })).draws[0]
    expect(await seen(silver)).toMatchObject({ rung: GOLD, tier: { rung: GOLD, label } })
    expect((await seen(gold(2)))?.tier).toBeUndefined()
    expect(await stand.moments()).toContainEqual(
      expect.objectContaining({
        kind: 'draw.opened',
        draw: expect.objectContaining({ rung: GOLD }),
      }),
    )
  })

  test('[E20 004-12] a day pass opens it where the ladder says so; a rung that the ladder lacks is none', async () => {
    const { draw } = await openDraw({ rung: GOLD })
    const passed = stand.buyer(3, { rung: GOLD - 1, boost: 1 })
    expect(await ask(passed, draw, { free: true })).toMatchObject({ ok: true })
    const opened = await stand.effects.openDraw(ROOM, {
      requestId: 'opening2',
      box: false,
      title,
      prizes: [{ points: 500, voucher: '', winners: 1 }],
      seconds: 60,
      rung: 9,
    })
    expect(opened).toMatchObject({ ok: false, code: 'bad_request', field: 'rung' })
  })
})

describe('draws', () => {
  test('[E11] the way in that costs nothing is always there, once a day', async () => {
    const { draw } = await openDraw({ seconds: 86_400 })
    const free = (id: string) => enter(1, draw, { requestId: id, free: true })
    expect(await free('free0001')).toMatchObject({
      ok: true,
      first: 1,
      mine: { count: 1, free: false },
    })
    // The same request again is the same ticket.
    expect(await free('free0001')).toMatchObject({ ok: true, first: 1, mine: { count: 1 } })
    expect(await free('free0002')).toMatchObject({ code: 'limit_reached' })
    stand.pass(DAY_MS / 2)
    expect(await free('free0003')).toMatchObject({ ok: true, first: 2, mine: { count: 2 } })
    expect(await stand.totals()).toMatchObject({ issued: 0, spent: 0 })
  })

  test('[E12 000-21] tickets cost points and raise the odds, within the cap of a viewer, whoever asks at once', async () => {
    await stand.give(1, 1000)
    const { draw, points, perViewer } = await openDraw()
    const many = Array.from({ length: 12 }, (_, i) =>
      enter(1, draw, { requestId: `ticket-${100 + i}` }),
    )
    const answers = await Promise.all(many)
    expect(answers.filter(({ ok }) => ok)).toHaveLength(perViewer)
    for (const answer of answers)
      if (!answer.ok) expect(answer.code).toMatch(/limit_reached|too_many_holds/)
    expect(await stand.balance(1)).toEqual({ spendable: 1000 - perViewer * points, held: 0 })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[E12] the total of a draw is never exceeded, by any interleaving of buyers', async () => {
    stand = await createEffectsStand(redis, {
      effects: { draw: { points: 20, perViewer: 5, total: 23, prizePoints: 1000 } },
    })
    const { draw } = await openDraw()
    const accounts = Array.from({ length: 15 }, (_, i) => i + 1)
    for (const account of accounts) await stand.give(account, 100)
    const asked = accounts.flatMap((account) =>
      [1, 2].map((n) => ({ account, tickets: n, requestId: `many-${account}-${n}` })),
    )
    const answers = await Promise.all(
      asked.map(({ account, ...more }) => enter(account, draw, more)),
    )
    const sold = asked.reduce((sum, { tickets }, i) => sum + (answers[i]?.ok ? tickets : 0), 0)
    expect(sold).toBe(23)
    expect((await stand.effects.readHost(ROOM)).draws[0]?.tickets).toBe(23)
    expect(await stand.totals()).toMatchObject({ spent: 23 * 20, held: 0 })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[E25] a proof is read once, whoever asks and however often; what is not over is asked for each time', async () => {
    await stand.give(1, 100)
    const { draw } = await openDraw()
    await enter(1, draw)
    const proof = () => stand.effects.readProof({ room: ROOM, game: draw })
    expect(await proof()).toMatchObject({ code: 'not_found' })
    stand.pass(60_000)
    while ((await stand.results.pass()) > 0);
    const first = await proof()
    expect(first).toMatchObject({ ok: true, entries: [{ count: 1 }] })
    await redis.flushall()
    for (let i = 0; i < 3; i++) expect(await proof()).toEqual(first)
    const others = await Promise.all(
      [1, 2, 3].map((n) => stand.effects.readProof({ room: 'r', game: n })),
    )
    expect(others.map((answer) => ('code' in answer ? answer.code : 'ok'))).toEqual([
      'not_found',
      'not_found',
      'busy',
    ])
  })

  test('[E14 001-22] the seed was committed to before; an implementation of its own finds the same winners', async () => {
    for (const account of [1, 2, 3, 4, 5]) await stand.give(account, 100)
    const { draw, commitment, seed } = await openDraw()
    expect(seed).toBeUndefined()
    for (const account of [1, 2, 3, 4, 5]) {
      await enter(account, draw, { requestId: `free-${account}00`, free: true })
      await enter(account, draw, { requestId: `paid-${account}00`, tickets: account - 1 || 1 })
    }
    // Nobody learns the seed while tickets are given out.
    expect(await readProof(redis, { room: ROOM, game: draw })).toMatchObject({ code: 'not_found' })
    expect(JSON.stringify(await stand.moments())).not.toMatch(/"seed":"[0-9a-f]/)
    stand.pass(60_000)
    expect(await enter(1, draw, { requestId: 'late0001' })).toMatchObject({ code: 'draw_closed' })
    expect(await stand.results.pass()).toBe(0)
    const proof = await proofOf(draw)
    expect(proof.commitment).toBe(commitment)
    expect(verifyDraw(proof)).toBe(true)
    // Written anew from the words of shared/draw.ts.
    expect(sha256(proof.seed)).toBe(commitment)
    const tickets = proof.entries.flatMap(({ handle, first, count }) =>
      Array.from({ length: count }, (_, i) => [
        sha256(`${proof.seed}:${ROOM}.${draw}:${handle}:${first + i}`),
        handle,
      ]),
    )
    const order = [...new Set(tickets.sort().map(([, handle]) => handle))]
    expect(proof.wins.map(({ handle }) => handle)).toEqual(order.slice(0, 3))
    const closed = (await stand.moments()).filter(({ kind }) => kind === 'draw.closed')
    expect(closed).toMatchObject([
      {
        draw,
        seed: proof.seed,
        tickets: 16,
        winners: [{ handle: order[0], prize: { points: 500 } }, {}, {}],
      },
    ])
  })

  test('[E16] prizes are paid once however often the end is driven; the result is told once', async () => {
    await stand.give(1, 100)
    const { draw } = await openDraw()
    await enter(1, draw, { requestId: 'free0001', free: true })
    await stand.effects.closeGame(ROOM, draw)
    expect(await enter(1, draw)).toMatchObject({ code: 'draw_closed' })
    await Promise.all([stand.results.pass(), stand.results.pass(), stand.results.pass()])
    await redis.zadd('ff:{cfg}:playing', stand.clock.nowMs, `${ROOM}:${draw}`)
    await stand.results.pass()
    expect(await stand.balance(1)).toEqual({ spendable: 600, held: 0 })
    expect((await stand.moments()).filter(({ kind }) => kind === 'draw.closed')).toHaveLength(1)
    const { draws } = await stand.effects.list(stand.buyer(1), { boosted: false })
    expect(draws).toMatchObject([{ draw, state: 'closed', won: [0] }])
    expect(await stand.imbalance()).toBe(0)
  })

  test('[E13] prizes stay within what the rulebook allows', async () => {
    const open = (prizes: object[], box = false) =>
      stand.effects.openDraw(ROOM, {
        requestId: `open${prizes.length}${box}xx`,
        box,
        title,
        prizes: prizes as never,
        seconds: 60,
      })
    expect(await open([{ points: 10_001, voucher: '', winners: 2 }])).toMatchObject({
      code: 'limit_reached',
      field: 'prizes',
    })
    expect(await open([{ points: 20_001, voucher: '', odds: 1 }], true)).toMatchObject({
      code: 'limit_reached',
    })
  })
})

describe('blind boxes', () => {
  test('[E15 001-22] a box says at once what is in it, as seed and number have it, and pays once', async () => {
    await stand.give(1, 1000)
    const { draw } = await openBoxes()
    const opened: (number | null)[] = []
    for (const [i, tickets] of [1, 2, 2].entries()) {
      const answer = await enter(1, draw, { requestId: `box-0000${i}`, tickets })
      if (!answer.ok) throw new Error(answer.code)
      expect(answer.first).toBe(opened.length + 1)
      opened.push(...answer.prizes)
      expect(await enter(1, draw, { requestId: `box-0000${i}`, tickets })).toMatchObject({
        prizes: answer.prizes,
      })
    }
    const won = opened.filter((prize) => prize === 0).length * 50
    expect(await stand.balance(1)).toEqual({ spendable: 1000 - 5 * 20 + won, held: 0 })
    await stand.effects.closeGame(ROOM, draw)
    await stand.results.pass()
    expect(await stand.balance(1)).toEqual({ spendable: 1000 - 5 * 20 + won, held: 0 })
    const proof = await proofOf(draw)
    expect(verifyDraw(proof)).toBe(true)
    const independent = opened.map((_, i) => {
      const hash = sha256(`${proof.seed}:${ROOM}.${draw}:${i + 1}`)
      const part = Number.parseInt(hash.slice(0, 12), 16) / 2 ** 48
      return part < 0.2 ? 0 : part < 0.5 ? 1 : null
    })
    expect(opened).toEqual(independent)
    expect(await stand.imbalance()).toBe(0)
  })
})

describe('votes', () => {
  test('[E17 000-25] one vote is free, more cost points up to a cap, and the result is told once', async () => {
    await stand.give(1, 1000)
    const opened = await stand.effects.openVote(ROOM, {
      requestId: 'opening1',
      title: { zh: '下一场选哪款', en: 'Which one next' },
      options: [
        { zh: '燕麦', en: 'Oats' },
        { zh: '酱油', en: 'Soy sauce' },
      ],
      seconds: 60,
    })
    if (!opened.ok) throw new Error(opened.code)
    const { vote } = opened.vote
    const cast = (account: number, id: string, option: number, votes = 1, free = false) =>
      stand.effects.castVote(stand.buyer(account), {
        requestId: id,
        vote,
        option,
        votes,
        free,
      })
    expect(await cast(1, 'vote0001', 1, 1, true)).toMatchObject({ ok: true, mine: { count: 1 } })
    expect(await cast(1, 'vote0002', 1, 1, true)).toMatchObject({ code: 'limit_reached' })
    expect(await cast(1, 'vote0003', 1, 10)).toMatchObject({ ok: true, mine: { count: 11 } })
    expect(await cast(1, 'vote0004', 1, 1)).toMatchObject({ code: 'limit_reached' })
    expect(await cast(2, 'vote0005', 0, 1, true)).toMatchObject({ ok: true })
    expect(await cast(2, 'vote0006', 5)).toMatchObject({ code: 'bad_request', field: 'option' })
    expect(await stand.balance(1)).toEqual({ spendable: 900, held: 0 })
    await stand.effects.closeGame(ROOM, vote)
    await stand.results.pass()
    const closed = (await stand.moments()).filter(({ kind }) => kind === 'vote.closed')
    expect(closed).toMatchObject([{ vote: { options: [{ votes: 1 }, { votes: 11 }] } }])
    expect(await stand.imbalance()).toBe(0)
  })
})

describe('taking part', () => {
  const owedFor = (game: number) => redis.smembers(gameKeysOf(ROOM, game).owed)

  test('[E21 000-12] who took part is owed for it until it is credited; the end of the game credits the rest, once', async () => {
    const { draw } = await openDraw()
    await stand.give(2, 100)
    for (const account of [1, 2, 3])
      expect(await enter(account, draw, { free: true })).toMatchObject({ ok: true })
    // More tickets are the same part.
    expect(await enter(2, draw, { requestId: 'bought-01' })).toMatchObject({ ok: true })
    await stand.effects.credited({ room: ROOM, game: draw, handle: formatAccount(1) })
    await enter(1, draw, { free: true })
    expect((await owedFor(draw)).sort()).toEqual([2, 3].map(formatAccount).sort())

    await stand.effects.closeGame(ROOM, draw)
    await stand.results.pass()
    await stand.results.pass()
    const credited = stand.parts.toSorted((a, b) => a.account - b.account)
    const part = { room: ROOM, game: draw, kind: 'draw' }
    expect(credited).toEqual([2, 3].map((account) => ({ ...part, account })))
    expect(await owedFor(draw)).toEqual([])
  })

  test('[E21] what cannot be credited now keeps the game closing, and is credited by the next pass', async () => {
    const { draw } = await openDraw()
    await enter(1, draw, { free: true })
    await stand.effects.closeGame(ROOM, draw)
    stand.failParts(1)
    expect(await stand.results.pass()).toBe(1)
    expect(stand.parts).toEqual([])
    expect(await stand.results.pass()).toBe(0)
    expect(stand.parts).toHaveLength(1)
    expect((await proofOf(draw)).wins).toHaveLength(1)
  })
})

describe('[E3] a crash between any two steps', () => {
  const bought = fc.constantFrom('draw', 'box', 'vote', 'tip', 'colour', 'broadcast', 'boost')
  test('[E1 E2 E3] points and acts agree afterwards, whatever was bought and wherever it stopped', async () => {
    await fc.assert(
      fc.asyncProperty(
        bought,
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.boolean(),
        async (what, at, answered, retried) => {
          await redis.flushall()
          stand = await createEffectsStand(redis)
          await stand.give(1, 1000)
          const { draw } = await openDraw({ requestId: 'opendraw' })
          const box = await openBoxes()
          const voting = await stand.effects.openVote(ROOM, {
            requestId: 'openvote',
            title,
            options: [title, title],
            seconds: 60,
          })
          if (!voting.ok) throw new Error(voting.code)
          const buyer = stand.buyer(1)
          const run = (of: EffectsStand['effects']) => {
            const requestId = 'crashing1'
            switch (what) {
              case 'draw':
                return of.enterDraw(buyer, { requestId, draw, tickets: 2, free: false })
              case 'box':
                return of.enterDraw(buyer, { requestId, draw: box.draw, tickets: 2, free: false })
              case 'vote':
                return of.castVote(buyer, {
                  requestId,
                  vote: voting.vote.vote,
                  option: 1,
                  votes: 3,
                  free: false,
                })
              case 'tip':
                return of.buy(buyer, { effect: 'tip', requestId, points: 50 })
              case 'colour':
                return of.buy(buyer, { effect: 'colour', requestId, colour: 'sky' })
              case 'boost':
                return of.buy(buyer, { effect: 'boost', requestId })
              default:
                return of.buy(buyer, { effect: 'broadcast', requestId, text: '大家好呀' })
            }
          }
          const crashed = stand.crashing((store) => dyingAt(store, at, answered))
          await run(crashed).catch(() => undefined)
          if (retried) await run(stand.effects)
          // Every hold that is left open comes to its deadline.
          stand.pass(10 * 60_000)
          for (const hold of await stand.wallets.openHolds(1)) {
            const verdict = await stand.effects.settleHold({ ...hold, account: 1 })
            if (verdict === 'later') throw new Error('a hold of ours is nobody’s')
            await stand.wallets[verdict]({ account: 1, id: hold.id, late: true })
          }
          const { held } = await stand.balance(1)
          expect(held).toBe(0)
          expect(await stand.imbalance()).toBe(0)
          // What was spent is what was done, no more and no less.
          const { spent } = await stand.totals()
          expect(spent).toBe(await stand.worthOf(1))
          await stand.effects.closeGame(ROOM, box.draw)
          await stand.results.pass()
          const proofs = [await proofOf(draw), await proofOf(box.draw)]
          const won = proofs
            .flatMap(({ wins, prizes }) => wins.map(({ prize }) => prizes[prize]?.points ?? 0))
            .reduce((sum, points) => sum + points, 0)
          // Whoever is in a game is credited for it, once.
          const parts = await Promise.all(
            [draw, box.draw, voting.vote.vote].map((game) =>
              redis.hlen(gameKeysOf(ROOM, game).parts),
            ),
          )
          expect(stand.parts).toHaveLength(parts.reduce((sum, n) => sum + n, 0))
          const tips = (await stand.effects.readHost(ROOM)).tips
          const { issued } = await stand.totals()
          expect(issued).toBe(1000 + won + tips.toHost)
          // A request that was given up cannot come to anything late; one that never arrived is a new one.
          const arrived = await stand.wallets.readHold({ account: 1, id: 'fx-crashing1' })
          if (!arrived) return
          const after = await run(stand.effects)
          if (!after.ok) expect(after.code).toMatch(/hold_closed|draw_closed|room_ended/)
          expect((await stand.totals()).spent).toBe(spent)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('the names of accounts and tickets are the same in every place', () => {
    expect(stand.buyer(77).handle).toBe(formatAccount(77))
  })
})
