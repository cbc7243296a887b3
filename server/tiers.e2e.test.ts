import { describe, expect, test } from 'vitest'
import type { Scored } from '../shared/account-state.ts'
import type { DrawView } from '../shared/effects.ts'
import type { Refusal } from '../shared/errors.ts'
import type { OfferView } from '../shared/offers.ts'
import type { Cue } from '../shared/protocol/events.ts'
import type { RedemptionView, RewardView } from '../shared/rewards.ts'
import { PRESETS } from '../shared/rulebook/presets.ts'
import type { PackView, PrivilegeView } from '../shared/tiers.ts'
import { must } from './kernel/index.ts'
import { askApi, askSocket, buyFor } from './merchant.testing.ts'
import { knock, testTicket } from './service.testing.ts'
import { useService } from './use-service.testing.ts'

const { apiUrl, call, connect, enter: knockAs, gatewayUrl } = useService()

const GOLD_YUAN = 1000
const buy = (viewer: string, yuan: number) => buyFor(apiUrl(), viewer, yuan)
const enter = async (viewer: string, room = 'demo') => (await knockAs({ viewer, room })).socket

describe('a flash sale and a draw for members', () => {
  const GOLD = 3
  const lacks = { rung: GOLD, label: { en: 'Gold' } }

  test('[RW23 RW25 004-12] a flash sale that Gold may take part in is locked for others, by tier and by name', async () => {
    await call('/v1/rewards/tea', {
      body: {
        title: { zh: '会员秒杀龙井', en: "Members' tea" },
        kind: 'item',
        points: 300,
        worthFen: 500,
        tier: GOLD,
        flash: {},
        stock: { kind: 'fixed', pieces: 2 },
      },
    })
    await buy('sam', 500)
    await buy('gil', GOLD_YUAN)
    const [sam, gil] = [await enter('sam'), await enter('gil')]
    const opened = new Promise((done) => {
      sam.on('room.happened', ({ moments }) => {
        const flash = moments.find(({ kind }) => kind === 'flash.opened')
        if (flash) done(flash)
      })
    })
    expect(
      await call('/v1/rewards/tea/flash', { body: { room: 'demo', seconds: 60 } }),
    ).toMatchObject({ ok: true })
    expect(await opened).toMatchObject({ flash: { reward: 'tea', rung: GOLD } })
    const { rewards } = await askSocket<{ rewards: RewardView[] }>(sam, 'reward.list', {})
    expect(rewards.find(({ id }) => id === 'tea')?.lock).toMatchObject({ kind: 'tier', ...lacks })
    const redeem = (socket: typeof sam, id: string) =>
      askSocket(socket, 'reward.redeem', { id, reward: 'tea' })
    const refused = await redeem(sam, 'wish-sam-0001')
    expect(refused).toMatchObject({ code: 'reward_locked', tier: lacks })
    expect(await redeem(gil, 'wish-gil-0001')).toMatchObject({ redemption: { state: 'issued' } })
    for (const socket of [sam, gil]) socket.close()
  })

  test('[E20 004-12] a draw that the host opens for Gold takes Gold only', async () => {
    const { socket: host } = await knockAs({ viewer: 'host', role: 'host' })
    const { draw } = await askSocket<{ draw: DrawView }>(host, 'draw.open', {
      requestId: 'members-draw-1',
      title: { zh: '会员抽奖', en: "Members' draw" },
      prizes: [{ points: 100, winners: 1 }],
      seconds: 60,
      rung: GOLD,
    })
    const [sam, gil] = [await enter('sam'), await enter('gil')]
    const take = (socket: typeof sam, requestId: string) =>
      askSocket(socket, 'draw.enter', { requestId, draw: draw.draw, tickets: 1, free: true })
    expect(await take(sam, 'ticket-sam-1')).toMatchObject({ code: 'tier_needed', tier: lacks })
    expect(await take(gil, 'ticket-gil-1')).toMatchObject({ ok: true, first: 1 })
    for (const socket of [sam, gil, host]) socket.close()
  })
})

describe('a birthday', () => {
  const [month = 0, day = 0] = new Intl.DateTimeFormat('en', {
    timeZone: 'Asia/Shanghai',
    month: 'numeric',
    day: 'numeric',
  })
    .format(Date.now())
    .split('/')
    .map(Number)
  /** Comes in, and what the first pack is then; it may be there with the welcome. */
  const enterForPack = async (auth: Parameters<typeof testTicket>[0]) => {
    const ticket = await testTicket(auth)
    let hear: (pack: PackView) => void
    const pack = new Promise<PackView>((done) => {
      hear = done
    })
    const { socket } = await knock(gatewayUrl(), { ticket }, (opened) =>
      opened.on('account.changed', (change) => change.pack && hear(change.pack)),
    )
    return { socket, pack: await pack }
  }
  const packLines = async (viewer: string) => {
    const { entries } = await call<{ entries: { cause?: string; note?: string }[] }>(
      `/v1/accounts/${viewer}/history`,
    )
    return entries.filter(({ cause }) => cause === 'pack')
  }

  test('[TI1 001-13 004-05] whoever has birthday gets the pack of the tier in the live, once, and double points all day', async () => {
    await buy('bea', GOLD_YUAN)
    const born = (birthday: object | null) =>
      call('/v1/accounts/bea/birthday', { body: { birthday } })
    expect(await born({ month: 2, day: 30 })).toMatchObject({ code: 'bad_request' })
    expect(await born({ month, day })).toEqual({ ok: true })
    const { socket: bea, pack } = await enterForPack({ viewer: 'bea' })
    expect(pack).toMatchObject({ pack: 'birthday_pack', points: 200, gifts: [] })
    const liked = await askSocket<Scored>(bea, 'like.send', { seq: 1, count: 1 })
    expect(liked.receipts[0]?.multipliers).toMatchObject({ personal: 2000, tier: 1500 })
    const bought = await call<Scored>('/v1/events', {
      body: { action: 'purchase', viewer: 'bea', amountFen: 10_000 },
    })
    expect(bought.receipts[0]).toMatchObject({ points: 300, multipliers: { personal: 2000 } })
    bea.close()
    // Another device, another day said: there is no second one this year.
    await born({ month: month === 1 ? 2 : month - 1, day: 1 })
    await born({ month, day })
    const again = await enter('bea')
    await askSocket(again, 'history.read', {})
    again.close()
    await expect.poll(() => packLines('bea'), { timeout: 5000 }).toHaveLength(1)
    expect((await packLines('bea'))[0]).toMatchObject({ note: '生日礼包 · Birthday pack' })
    expect(await call('/v1/conservation')).toMatchObject({ ok: true, holds: true })
  })

  test('[TI2 001-13] a ticket may say it; it goes when the person is erased, and is in no journal', async () => {
    const two = (n: number) => String(n).padStart(2, '0')
    await buy('ben', 200)
    const birthday = `${two(month)}-${two(day)}`
    const { socket, pack } = await enterForPack({ viewer: 'ben', birthday })
    expect(pack).toMatchObject({ pack: 'birthday_pack', points: 100 })
    socket.close()
    const store = await connect()
    const kept = async () => (await store.keys('ff:*:birthday:*')).length
    const before = await kept()
    expect(await call('/v1/accounts/ben', { method: 'DELETE' })).toEqual({ ok: true })
    expect(await kept()).toBe(before - 1)
    for (const key of await store.keys('ff:*:journal')) {
      const journal = JSON.stringify(await store.xrange(key, '-', '+'))
      expect(journal).not.toMatch(/birthday|生日/)
    }
    await store.quit()
  })
})

describe('what a merchant honours', () => {
  interface Answer {
    rung: number
    tier: string
    privileges: PrivilegeView[]
  }

  test('[TI4 000-24 001-01 001-12 004-09 004-06 002-35] the shop asks what a viewer has now, the viewer sees how it is used', async () => {
    await buy('vip', 8000)
    await buy('new', 20)
    const of = (viewer: string) => call<Answer>(`/v1/accounts/${viewer}/privileges`)
    const vip = await of('vip')
    expect(vip).toMatchObject({ ok: true, tier: 'black_diamond' })
    const ids = vip.privileges.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining(['vip_support', 'co_mic', 'suggest_products', 'early_access']),
    )
    const socket = await enter('vip')
    const shown = await askSocket<Answer>(socket, 'privilege.list', {})
    expect(shown.privileges.find(({ id }) => id === 'vip_support')).toMatchObject({
      kind: 'perk',
      how: { en: expect.stringContaining('account number') },
      by: 'tier',
    })
    expect(shown.privileges).toEqual(vip.privileges)
    socket.close()
    expect((await of('new')).privileges).toEqual([])
    expect(await of('nobody')).toMatchObject({ code: 'not_found' })
  })

  test('[TI3 004-04] the newcomer pack comes once: points, and its voucher as a real reward', async () => {
    const { book } = await call<{ book: { ladder: { rungs: object[] } } }>('/v1/rulebook')
    const [first, ...others] = book.ladder.rungs
    const pack = {
      kind: 'newcomer_pack',
      points: 50,
      gifts: [{ id: 'coupon10', label: { zh: '10 元券', en: '10 yuan off' } }],
    }
    const ladder = { ...book.ladder, rungs: [{ ...first, privileges: [pack] }, ...others] }
    const published = await call('/v1/rulebook', { body: { book: { ...book, ladder } } })
    expect(published).toMatchObject({ ok: true })
    await expect
      .poll(async () => (await call<Answer>('/v1/accounts/new/privileges')).privileges.length)
      .toBe(1)
    const comes = async () => {
      const socket = await enter('new')
      const { redemptions } = await askSocket<{ redemptions: RedemptionView[] }>(
        socket,
        'redemption.list',
        {},
      )
      return { socket, redemptions }
    }
    const { socket } = await comes()
    await expect
      .poll(async () => (await askSocket<typeof listed>(socket, 'redemption.list', {})).redemptions)
      .toMatchObject([{ reward: 'coupon10', state: 'issued', points: 0 }])
    socket.close()
    const listed = await comes()
    listed.socket.close()
    expect(listed.redemptions).toHaveLength(1)
    expect(await call('/v1/conservation')).toMatchObject({ ok: true, holds: true })
  })
})

describe('a private room', () => {
  const room = 'night'
  const GOLD = 3
  const at = async (viewer: string, role: 'viewer' | 'host' | 'operator' = 'viewer') =>
    knockAs({ viewer, room, role })

  test('[GW19 001-28] is for its rung and above; others are told which rung and how far it is; host and operator come in', async () => {
    expect(
      await call('/v1/rooms', { body: { id: room, name: '会员夜场', rung: GOLD } }),
    ).toMatchObject({ created: true, room: { rung: GOLD } })
    await call(`/v1/rooms/${room}/start`, { method: 'POST' })
    await buy('nora', GOLD_YUAN)
    await buy('noel', 180)
    const { account } = await call<{ account: { tier: { growth: number } } }>('/v1/accounts/noel')
    const refused = await at('noel').catch((error: { data: Refusal }) => error.data)
    expect(refused).toMatchObject({
      code: 'tier_needed',
      retry: 'never',
      tier: { rung: GOLD, label: { en: 'Gold' }, growthMissing: 1000 - account.tier.growth },
    })
    for (const role of ['host', 'operator'] as const) (await at(role, role)).socket.close()
    const nora = await at('nora')
    expect(nora.welcome.room.room.id).toBe(room)
    nora.socket.close()
    // Also with what lets somebody come back without a ticket.
    const later = await knock(gatewayUrl(), { resume: nora.welcome.resume })
    later.socket.close()
  })

  test('[GW19 001-28] a day pass opens the door, as the ladder says, and the shop opens it for all', async () => {
    await buy('dan', 140)
    const dan = await enter('dan')
    // Silver, with the points of what was bought.
    await askApi(apiUrl(), '/v1/accounts/dan/adjust', {
      body: { points: 500, note: 'for a day pass' },
    })
    expect(await at('dan').catch((error: { data: Refusal }) => error.data)).toMatchObject({
      code: 'tier_needed',
    })
    const pass = { effect: 'boost', requestId: 'pass-dan-1' }
    expect(await askSocket(dan, 'effect.buy', pass)).toMatchObject({ ok: true })
    ;(await at('dan')).socket.close()
    dan.close()
    expect(await call(`/v1/rooms/${room}/rung`, { body: { rung: 9 } })).toMatchObject({
      code: 'bad_request',
      field: 'rung',
    })
    expect(await call(`/v1/rooms/${room}/rung`, { body: { rung: 0 } })).toMatchObject({ ok: true })
    ;(await at('noel')).socket.close()
  })
})

describe('a price for members', () => {
  const publish = (doc: object) => call<{ ok: boolean }>('/v1/rewards/jam', { body: doc })

  test('[RW32 001-10] Gold sees the usual price struck through and pays its own; a merchant sees what it is worth', async () => {
    const published = await publish({
      title: { zh: '草莓酱', en: 'Strawberry jam' },
      kind: 'item',
      points: 600,
      worthFen: 900,
      member: { points: 400, rooms: ['demo'] },
      stock: { kind: 'fixed', pieces: 5 },
    })
    expect(published).toMatchObject({
      reward: { value: { ratioMilli: 1500 }, memberValue: { ratioMilli: 2250, warning: 'high' } },
    })
    const jamOf = async (viewer: string) => {
      const socket = await enter(viewer)
      const { rewards } = await askSocket<{ rewards: RewardView[] }>(socket, 'reward.list', {})
      const jam = must(
        rewards.find(({ id }) => id === 'jam'),
        'jam on the shelf',
      )
      return { socket, jam }
    }
    await buy('ann', 700)
    await buy('gina', GOLD_YUAN)
    const ann = await jamOf('ann')
    expect(ann.jam).toMatchObject({
      cost: { points: 600 },
      member: { points: 400, label: { en: 'Gold' }, yours: false },
    })
    const gina = await jamOf('gina')
    expect(gina.jam).toMatchObject({
      cost: { points: 400 },
      usualPoints: 600,
      member: { yours: true },
      value: { warning: 'high' },
    })
    const redeem = <T>(socket: typeof ann.socket, id: string) =>
      askSocket<T>(socket, 'reward.redeem', {
        id,
        reward: 'jam',
        quoted: { points: 400, cashFen: 0 },
      })
    expect(await redeem<Refusal>(ann.socket, 'wish-ann-0001')).toMatchObject({
      code: 'price_changed',
      have: 600,
    })
    expect(
      await redeem<{ redemption: RedemptionView }>(gina.socket, 'wish-gina-001'),
    ).toMatchObject({ redemption: { state: 'issued', points: 400 } })
    ann.socket.close()
    gina.socket.close()
    expect(await call('/v1/conservation')).toMatchObject({ ok: true, holds: true })
  })
})

describe('an offer', () => {
  test('[TG4 000-27] somebody who has not spoken is told over the socket what a first word brings, and gets it once', async () => {
    const { book } = await call<{ book: object }>('/v1/rulebook')
    const label = { zh: '打个招呼', en: 'Say hello' }
    const targeting = {
      segments: [{ id: 'lurker', label, all: [{ figure: 'comments', atMost: 0 }] }],
      offers: [{ id: 'speak_up', label, segment: 'lurker', ask: 'comment', points: 50 }],
    }
    const published = await call('/v1/rulebook', { body: { book: { ...book, targeting } } })
    expect(published).toMatchObject({ ok: true })
    const known = async () => (await call<{ offers: object[] }>('/v1/segments')).offers
    await expect.poll(known, { timeout: 10_000 }).toHaveLength(1)
    const lou = await enter('lou')
    const told: OfferView[] = []
    lou.on('account.changed', ({ offer }) => void (offer && told.push(offer)))
    await askSocket(lou, 'watch.beat', { seq: 1, nonce: 0, visible: true })
    await expect.poll(() => told, { timeout: 10_000 }).toHaveLength(1)
    expect(told[0]).toMatchObject({ title: label, action: 'comment', points: 50, state: 'open' })
    await askSocket(lou, 'comment.send', { seq: 2, text: '大家好呀' })
    await expect.poll(() => told.at(-1)?.state, { timeout: 10_000 }).toBe('won')
    const offers = async () => {
      const { entries } = await call<{ entries: { cause?: string; note?: string }[] }>(
        '/v1/accounts/lou/history',
      )
      return entries.filter(({ cause }) => cause === 'offer')
    }
    await expect.poll(offers, { timeout: 5000 }).toHaveLength(1)
    expect((await offers())[0]).toMatchObject({ note: '打个招呼 · Say hello', subject: 'speak_up' })
    lou.close()
    const rules = await call('/v1/rulebook/sentences')
    expect(JSON.stringify(rules)).toContain('评论得 50 积分，每人一次')
    expect(await call('/v1/conservation')).toMatchObject({ ok: true, holds: true })
  })

  test('[TG5 002-11] who is in a segment with a multiplier earns by it, on sockets and by orders, and the receipt says so', async () => {
    const { book } = await call<{ book: { targeting: object } }>('/v1/rulebook')
    const label = { zh: '分享达人', en: 'Advocate' }
    const advocate = {
      id: 'advocate',
      label,
      all: [{ figure: 'shares', atLeast: 1 }],
      factor: 1.5,
    }
    const targeting = { segments: [advocate], offers: [] }
    expect(await call('/v1/rulebook', { body: { book: { ...book, targeting } } })).toMatchObject({
      ok: true,
    })
    const known = async () => (await call<{ offers: object[] }>('/v1/segments')).offers
    await expect.poll(known, { timeout: 10_000 }).toHaveLength(0)
    const first = await enter('ada')
    const plain = await askSocket<Scored>(first, 'share.send', { seq: 1 })
    expect(plain.receipts[0]?.multipliers).toMatchObject({ personal: 1000 })
    first.close()
    const segments = async () =>
      (await call<{ segments: { id: string }[] }>('/v1/accounts/ada/segments')).segments
    await expect.poll(segments, { timeout: 10_000 }).toMatchObject([{ id: 'advocate' }])
    const again = await enter('ada')
    const earned = async (seq: number) => {
      const liked = await askSocket<Scored>(again, 'like.send', { seq, count: 1 })
      return liked.receipts[0]?.multipliers.personal
    }
    let seq = 0
    await expect.poll(() => earned(++seq), { timeout: 10_000 }).toBe(1500)
    again.close()
    const bought = await call<Scored>('/v1/events', {
      body: { action: 'purchase', viewer: 'ada', amountFen: 10_000 },
    })
    expect(bought.receipts[0]).toMatchObject({ points: 150, multipliers: { personal: 1500 } })
  })
})

test('[Q9 004-08] the host is asked to greet a Black Diamond who comes in, and not who is below', async () => {
  const DIAMOND_YUAN = 8000
  await buy('dia', DIAMOND_YUAN)
  await buy('gus', GOLD_YUAN)
  const { socket: host } = await knockAs({ viewer: 'dora', role: 'host', name: 'Dora' })
  const greeted: Cue[] = []
  host.on('host.pulsed', ({ cues }) => void greeted.push(...cues.filter((cue) => cue.greets)))
  const sockets = [await enter('gus'), await enter('dia')]
  await expect.poll(() => greeted.length, { timeout: 10_000 }).toBeGreaterThan(0)
  const [cue] = greeted
  expect(cue).toMatchObject({ rung: 4, names: [expect.any(String)], others: 0 })
  expect(new Set(greeted.map(({ id }) => id))).toEqual(new Set([cue?.id]))
  const said = await askSocket(host, 'cue.announce', { cue: cue?.id, text: '' })
  expect(said).toMatchObject({ ok: true })
  for (const socket of [host, ...sockets]) socket.close()
})

test('[TG12 003-15] who buys often is shown the largest saving first, who bought once a small coupon, and why', async () => {
  const coupon = (id: string, worthFen: number) =>
    call(`/v1/rewards/${id}`, {
      body: {
        title: { zh: `${worthFen / 100} 元券`, en: `${worthFen / 100} yuan off` },
        kind: 'coupon',
        points: worthFen,
        worthFen,
        stock: { kind: 'endless' },
      },
    })
  expect(await coupon('small5', 500)).toMatchObject({ ok: true })
  expect(await coupon('large50', 5000)).toMatchObject({ ok: true })
  for (let n = 0; n < 3; n++) await buy('otto', 1000)
  await buy('once', 10)
  const first = async (viewer: string) => {
    const socket = await enter(viewer)
    const { rewards } = await askSocket<{ rewards: RewardView[] }>(socket, 'reward.list', {})
    socket.close()
    const [best] = rewards
    return best?.recommended && `${best.id}: ${best.recommended.en}`
  }
  const wait = { timeout: 10_000 }
  await expect.poll(() => first('otto'), wait).toBe('large50: You order often: this one saves most')
  await expect.poll(() => first('once'), wait).toBe('small5: A small coupon for your next order')
  expect(await first('nobody')).toBeUndefined()
})

describe('points ever earned as a way to a tier', () => {
  test('[TI11 TI12] likes, a share and a comment over a socket lead to Silver without its growth, which nothing takes again', async () => {
    const SILVER = 2
    const LIFETIME = 40
    // What tests before this one published gives packs, which count as well.
    const book = PRESETS.live
    const rungs = book.ladder.rungs.map((rung, at) =>
      at === SILVER ? { ...rung, lifetimePoints: LIFETIME } : rung,
    )
    const { version } = await call<{ version: number }>('/v1/rulebook', {
      body: { book: { ...book, ladder: { ...book.ladder, rungs } } },
    })
    const before = await enter('before')
    await expect
      .poll(() => askSocket<{ version: number }>(before, 'rulebook.own', {}))
      .toMatchObject({ version })
    before.close()
    const socket = await enter('way')
    const liked = await askSocket<Scored>(socket, 'like.send', { seq: 1, count: 1 })
    expect(liked.account.tier).toMatchObject({ rung: 0, earned: liked.account.balance.spendable })
    expect(liked.account.tier.earned).toBeLessThan(LIFETIME)
    await askSocket(socket, 'like.send', { seq: 2, count: 19 })
    await askSocket(socket, 'share.send', { seq: 3 })
    const said = await askSocket<Scored>(socket, 'comment.send', { seq: 4, text: 'good evening' })
    const { tier } = said.account
    expect(tier.rung).toBe(SILVER)
    expect(tier.earned).toBeGreaterThanOrEqual(LIFETIME)
    expect(tier.growth).toBeLessThan(rungs[SILVER]?.growth ?? 0)
    // Points that are taken back were earned all the same.
    await call('/v1/accounts/way/revoke', { body: { points: 30, note: 'for a test' } })
    const later = await askSocket<Scored>(socket, 'comment.send', { seq: 5, text: 'still here' })
    expect(later.account.tier.rung).toBe(SILVER)
    expect(later.account.tier.earned).toBeGreaterThanOrEqual(tier.earned ?? LIFETIME)
    expect(later.account.balance.spendable).toBeLessThan(said.account.balance.spendable)
    socket.close()
  })
})
