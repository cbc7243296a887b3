import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DrawView } from '../shared/effects.ts'
import type { Refusal } from '../shared/errors.ts'
import type { RedemptionView, RewardView } from '../shared/rewards.ts'
import { must } from './kernel/index.ts'
import { askApi, askSocket, buyFor } from './merchant.testing.ts'
import { startRedis, type TestRedis } from './redis/testing.ts'
import { knock, startService, type TestService, testTicket } from './service.testing.ts'

let redis: TestRedis
let service: TestService
beforeAll(async () => {
  redis = await startRedis()
  service = await startService({ redisUrl: redis.url, roles: 'gateway,api,worker' })
})
afterAll(async () => {
  await service?.stop()
  await redis?.stop()
})

const GOLD_YUAN = 1000
const call = <T>(...[path, asking]: [string, Parameters<typeof askApi>[2]?]) =>
  askApi<T>(service.apiUrl, path, asking)
const buy = (viewer: string, yuan: number) => buyFor(service.apiUrl, viewer, yuan)
const enter = async (viewer: string, room = 'demo') =>
  (await knock(service.gatewayUrl, { ticket: await testTicket({ viewer, room }) })).socket

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
    const ticket = await testTicket({ viewer: 'host', role: 'host' })
    const { socket: host } = await knock(service.gatewayUrl, { ticket })
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

describe('a private room', () => {
  const room = 'night'
  const GOLD = 3
  const at = async (viewer: string, role: 'viewer' | 'host' | 'operator' = 'viewer') =>
    knock(service.gatewayUrl, { ticket: await testTicket({ viewer, room, role }) })

  test('[GW16 001-28] is for its rung and above; others are told which rung and how far it is; host and operator come in', async () => {
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
    const later = await knock(service.gatewayUrl, { resume: nora.welcome.resume })
    later.socket.close()
  })

  test('[GW16 001-28] a day pass opens the door, as the ladder says, and the shop opens it for all', async () => {
    await buy('dan', 140)
    const dan = await enter('dan')
    // Silver, with the points of what was bought.
    await askApi(service.apiUrl, '/v1/accounts/dan/adjust', {
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
