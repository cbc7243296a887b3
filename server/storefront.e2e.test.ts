import { webcrypto } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RoomRedemptions } from '../shared/boards.ts'
import type { Refusal } from '../shared/errors.ts'
import { parseAccount } from '../shared/ids.ts'
import { readTicket } from '../shared/pickup.ts'
import type { BodyOf } from '../shared/protocol/index.ts'
import type { Action, Receipt } from '../shared/receipt.ts'
import type {
  CodeUsed,
  PickupLine,
  PickupPointView,
  RedemptionView,
  RewardView,
} from '../shared/rewards.ts'
import { PRESETS } from '../shared/rulebook/presets.ts'
import { must } from './kernel/index.ts'
import { askSocket } from './merchant.testing.ts'
import { flashOwedKey } from './rewards/keys.ts'
import { type TestSocket, testTicket } from './service.testing.ts'
import { useService } from './use-service.testing.ts'

const { call, connect, enter } = useService()

/** Receipts of an action as the viewer's devices are told them. */
function receiptsOf(socket: TestSocket, action: Action): () => Receipt[] {
  const all: Receipt[] = []
  socket.on('account.changed', ({ receipts }) => void all.push(...receipts))
  return () => all.filter((receipt) => receipt.action === action)
}

async function verifies(qr: string, { jwk }: PickupPointView['keys'][number]): Promise<boolean> {
  const found = must(readTicket(qr), 'a code of ours')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const imported = await webcrypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
  return webcrypto.subtle.verify(
    algorithm,
    imported,
    Buffer.from(found.signature, 'base64url'),
    Buffer.from(found.signed),
  )
}

describe('buy in the room, redeem, pick up', () => {
  let redemption: RedemptionView

  test('[RW40 000-14 002-02] after a payment the viewer is told what it brought and what it is enough for', async () => {
    const { socket } = await enter({ viewer: 'lin' })
    const gains: NonNullable<BodyOf<'account.changed'>['gain']>[] = []
    socket.on('account.changed', ({ gain }) => void (gain && gains.push(gain)))
    // Whoever is there has done something, so that servers know where to find them.
    await askSocket(socket, 'like.send', { seq: 1, count: 1 })
    const buy = (amountFen: number, once: string) =>
      call<{ ok: boolean; account: { balance: { spendable: number } } }>('/v1/events', {
        body: { action: 'purchase', viewer: 'lin', room: 'demo', amountFen },
        once,
      })
    let spendable = 0
    for (let i = 0; spendable < 1850 && i < 20; i++) {
      const bought = await buy(30_000, `order-${i}-lin`)
      expect(bought.ok).toBe(true)
      spendable = bought.account.balance.spendable
    }
    await expect
      .poll(() => gains.at(-1), { timeout: 5000 })
      .toMatchObject({ spendable, best: { reward: 'oatmeal', points: 1850 } })
    expect(gains.at(-1)?.points).toBeGreaterThan(0)
    socket.close()
  })

  test('[GW25] an order that is paid after the live is seen by whoever is still there, also where nothing was done here', async () => {
    await call('/v1/rooms', { body: { id: 'over', name: 'over' } })
    await call('/v1/rooms/over/start', { body: {} })
    await call('/v1/rooms/over/end', { body: {} })
    const { socket, welcome } = await enter({ viewer: 'lou', room: 'over' })
    expect(welcome.room.live.state).toBe('ended')
    const shown: number[] = []
    socket.on('account.changed', ({ account }) => void shown.push(account.balance.spendable))
    const { account } = await call<{ account: { balance: { spendable: number } } }>('/v1/events', {
      body: { action: 'purchase', viewer: 'lou', room: 'over', amountFen: 30_000 },
    })
    expect(account.balance.spendable).toBeGreaterThan(0)
    await expect.poll(() => shown.at(-1), { timeout: 15_000 }).toBe(account.balance.spendable)
    // Nothing is told twice.
    const told = shown.length
    await new Promise((done) => setTimeout(done, 11_000))
    expect(shown).toHaveLength(told)
    socket.close()
  })

  test('[RW1 RW50 002-21 002-03] one tap takes it; the code and a signed QR code appear', async () => {
    const { socket } = await enter({ viewer: 'lin' })
    const { rewards } = await askSocket<{ rewards: RewardView[] }>(socket, 'reward.list', {})
    const oatmeal = must(
      rewards.find(({ id }) => id === 'oatmeal'),
      'oatmeal on the shelf',
    )
    expect(oatmeal).toMatchObject({ left: 50, cost: { points: 1850, cashFen: 0 } })
    expect(oatmeal.lock).toBeUndefined()
    const wish = { id: 'wish-lin-0001', reward: 'oatmeal' }
    const unsaid = await askSocket<Refusal>(socket, 'reward.redeem', wish)
    expect(unsaid).toMatchObject({ code: 'bad_request', field: 'point' })
    const answer = await askSocket<{ ok: true; redemption: RedemptionView }>(
      socket,
      'reward.redeem',
      {
        ...wish,
        point: 'demo-market',
      },
    )
    redemption = answer.redemption
    expect(redemption).toMatchObject({
      state: 'issued',
      points: 1850,
      pickup: { point: 'demo-market' },
    })
    expect(redemption.code).toHaveLength(10)
    const listed = await askSocket<{ redemptions: RedemptionView[] }>(socket, 'redemption.list', {})
    expect(listed.redemptions.map(({ id }) => id)).toEqual(['wish-lin-0001'])
    socket.close()
    expect(await call('/v1/conservation')).toMatchObject({ ok: true, holds: true })
  })

  test('[RW51 RW52 002-27 002-30] the clerk finds it on the list of the day, hands it over, and a second scan names the first', async () => {
    const { key: bearer } = await call<{ key: string }>('/v1/pickup/points/demo-market/clerks', {
      body: { label: '小周' },
    })
    const point = await call<PickupPointView>('/v1/pickup/point', { bearer })
    expect(point).toMatchObject({ point: 'demo-market', clerk: '小周' })
    const day = must(redemption.pickup, 'a day').day
    const { lines } = await call<{ lines: PickupLine[] }>(`/v1/pickup/list?day=${day}`, { bearer })
    expect(lines).toMatchObject([{ code: redemption.code, state: 'issued', reward: 'oatmeal' }])
    const qr = must(redemption.qr, 'a QR code')
    expect(await verifies(qr, must(point.keys[0], 'a key'))).toBe(true)
    const forged = qr.replace(':oatmeal:', ':kitchen:')
    expect(await verifies(forged, must(point.keys[0], 'a key'))).toBe(false)

    const use = (useId: string, code: string, device: string) =>
      call<CodeUsed | Refusal>('/v1/pickup/use', { body: { useId, code, device }, bearer })
    expect(await use('use-0', forged, 'phone-a')).toMatchObject({ code: 'not_found' })
    const first = await use('use-1', qr, 'phone-a')
    expect(first).toMatchObject({ ok: true, reward: 'oatmeal' })
    expect(await use('use-1', qr, 'phone-a')).toEqual(first)
    const typed = must(redemption.code, 'a code')
      .toLowerCase()
      .replace(/(.{5})/, '$1-')
    expect(await use('use-2', typed, 'phone-b')).toMatchObject({
      code: 'already_used',
      first: { clerk: '小周', device: 'phone-a' },
    })
    expect(await call('/v1/pickup/point', { bearer: `${bearer}x` })).toMatchObject({
      code: 'ticket_invalid',
    })
  })

  test('[B12 B13 002-49] the host sees what was redeemed in the own room, with the first character of names, and of no other', async () => {
    await call('/v1/rooms', { body: { id: 'garden', name: 'Garden' } })
    const host = async (room: string) =>
      (await enter({ viewer: `host-${room}`, role: 'host', room })).socket
    const [own, other] = [await host('demo'), await host('garden')]
    const log = (socket: typeof own, before?: string) =>
      askSocket<RoomRedemptions>(socket, 'redemption.log', before === undefined ? {} : { before })
    await expect
      .poll(async () => (await log(own)).redemptions, { timeout: 15_000, interval: 1000 })
      .toMatchObject([{ name: 'l**', points: 1850, cashFen: 0, state: 'used' }])
    const [line] = (await log(own)).redemptions
    expect(Object.keys(must(line, 'a line')).sort()).toEqual(
      ['atMs', 'cashFen', 'name', 'points', 'state', 'title'].sort(),
    )
    expect(await log(other)).toEqual({ ok: true, redemptions: [] })
    expect(await log(own, 'no cursor of ours')).toEqual({ ok: true, redemptions: [] })
    const bearer = await testTicket({ viewer: 'host-garden', role: 'host', room: 'garden' })
    const over = (room: string) => call(`/v1/rooms/${room}/redemptions`, { bearer })
    expect(await over('demo')).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await over('garden')).toEqual({ ok: true, redemptions: [] })
    const viewer = (await enter({ viewer: 'lin' })).socket
    expect(await askSocket(viewer, 'redemption.log', {})).toMatchObject({ code: 'forbidden' })
    for (const socket of [own, other, viewer]) socket.close()
  })

  test('[RW51 003-16] 500 points are a coupon of ten yuan, which the shop takes once', async () => {
    const { socket } = await enter({ viewer: 'wu' })
    await call('/v1/events', {
      body: { action: 'purchase', viewer: 'wu', room: 'demo', amountFen: 100_000 },
      once: 'order-wu-001',
    })
    const wish = { id: 'wish-wu-0001', reward: 'coupon10' }
    const answer = await askSocket<{ redemption: RedemptionView }>(socket, 'reward.redeem', wish)
    expect(answer).toMatchObject({ ok: true, redemption: { state: 'issued', points: 500 } })
    const { code } = answer.redemption
    const use = (order: string) => call('/v1/codes/use', { body: { code, order } })
    expect(await use('order-77')).toMatchObject({ ok: true, reward: 'coupon10' })
    expect(await use('order-77')).toMatchObject({ ok: true })
    expect(await use('order-78')).toMatchObject({
      code: 'already_used',
      first: { device: 'order-77' },
    })
    socket.close()
  })

  test('[RW11 002-45] the stock is shared with sales of the shop', async () => {
    const sell = (id: string, pieces: number) =>
      call('/v1/rewards/oatmeal/sales', { body: { id, pieces } })
    expect(await sell('sale-1', 40)).toMatchObject({ ok: true, left: 9 })
    expect(await sell('sale-1', 40)).toMatchObject({ ok: true, left: 9 })
    expect(await sell('sale-2', 10)).toMatchObject({ code: 'sold_out' })
    const read = await call('/v1/rewards/oatmeal')
    expect(read).toMatchObject({ reward: { stock: { left: 9, low: true } } })
  })

  test('[RW23 RW59 002-23] a flash window is opened by the shop, told to the room, and can be taken from', async () => {
    const { socket, welcome } = await enter({ viewer: 'mei' })
    const kinds: string[] = []
    socket.on('room.happened', ({ moments }) => void kinds.push(...moments.map((m) => m.kind)))
    await call('/v1/events', {
      body: { action: 'purchase', viewer: 'mei', room: 'demo', amountFen: 100_000 },
      once: 'order-mei-1',
    })
    const tap = (id: string) =>
      askSocket<{ ok: boolean }>(socket, 'reward.redeem', { id, reward: 'eggs' })
    expect(await tap('wish-mei-1')).toMatchObject({ code: 'reward_closed' })
    const opened = await call<{ opensAtMs: number }>('/v1/rewards/eggs/flash', {
      body: { room: 'demo', seconds: 60 },
    })
    expect(opened).toMatchObject({ ok: true })
    await expect.poll(() => kinds, { timeout: 5000 }).toContain('flash.opened')
    // Who has done something is known to be here.
    await askSocket(socket, 'like.send', { seq: 1, count: 1 })
    const earned = receiptsOf(socket, 'join')
    expect(await tap('wish-mei-2')).toMatchObject({ ok: true })
    await expect
      .poll(earned)
      .toMatchObject([{ rule: 'join', reason: 'earned', baseMilli: 2000, counted: 1 }])

    // What gateways leave that died after they credited it, and before: the worker credits the one that is missing.
    const store = await connect()
    const account = parseAccount(welcome.me.handle)
    const owed = flashOwedKey('eggs')
    const spendable = async () =>
      (await call<{ account: { balance: { spendable: number } } }>('/v1/accounts/mei')).account
        .balance.spendable
    const before = await spendable()
    for (const opensAtMs of [opened.opensAtMs, opened.opensAtMs - 1])
      await store.zadd(owed, 0, `${opensAtMs}:${account}:demo`)
    await expect.poll(() => store.zcard(owed)).toBe(0)
    await expect.poll(earned).toHaveLength(2)
    expect(await spendable()).toBe(before + must(earned()[1], 'a receipt').points)
    expect(await call('/v1/conservation')).toMatchObject({ holds: true })
    socket.close()
  })

  test('[E21 000-12] who comes to a flash window or a draw earns a little for that, also with nothing, once each', async () => {
    const host = await enter({ viewer: 'host', role: 'host' })
    const { socket } = await enter({ viewer: 'late' })
    await askSocket(socket, 'like.send', { seq: 1, count: 1 })
    const earned = receiptsOf(socket, 'join')
    const { left = 0 } = (await call<{ reward: { stock: { left?: number } } }>('/v1/rewards/eggs'))
      .reward.stock
    await call('/v1/rewards/eggs/sales', { body: { id: 'all-sold', pieces: left } })
    const tap = (id: string) => askSocket(socket, 'reward.redeem', { id, reward: 'eggs' })
    // The shelf is a moment old; either way nobody gets a piece.
    for (const id of ['wish-late-1', 'wish-late-2'])
      expect(await tap(id)).toMatchObject({ code: expect.stringMatching(/sold_out|points_short/) })
    const soldOut = async () => {
      const answer = await askSocket<Refusal>(socket, 'reward.redeem', {
        id: `wish-late-${crypto.randomUUID().slice(0, 8)}`,
        reward: 'eggs',
      })
      return answer.code
    }
    await expect.poll(soldOut, { interval: 300 }).toBe('sold_out')
    await expect.poll(earned).toHaveLength(1)

    const { draw } = await askSocket<{ draw: { draw: number } }>(host.socket, 'draw.open', {
      requestId: 'late-draw-1',
      title: { zh: '抽奖', en: 'Draw' },
      prizes: [{ points: 5, winners: 1 }],
      seconds: 60,
    })
    const join = (requestId: string) =>
      askSocket(socket, 'draw.enter', { requestId, draw: draw.draw, tickets: 1, free: true })
    for (let i = 0; i < 2; i++) expect(await join('late-free-1')).toMatchObject({ ok: true })
    await expect.poll(earned).toMatchObject([{ points: 2 }, { points: 2 }])
    expect(await call('/v1/conservation')).toMatchObject({ ok: true, holds: true })
    for (const one of [socket, host.socket]) one.close()
  })
  test('[E15 004-07] where the book says so, an order is answered with what comes back of it, and the viewer sees it pending', async () => {
    const book = { ...PRESETS.live, cashback: { perMille: 30, withEarned: 'beside' } }
    expect(await call('/v1/rulebook', { body: { book } })).toMatchObject({ ok: true })
    const { socket } = await enter({ viewer: 'back' })
    await askSocket(socket, 'like.send', { seq: 1, count: 1 })
    const shown: BodyOf<'account.changed'>[] = []
    socket.on('account.changed', (change) => void shown.push(change))
    // They may come in another order; the newest counts.
    const pending = () =>
      shown.toSorted((a, b) => a.account.version - b.account.version).at(-1)?.account.balance
        .pending
    let order = ''
    const buy = async (next = order) => {
      order = next
      const body = { action: 'purchase', viewer: 'back', amountFen: 10_000, order }
      const { cashback } = await call<{ cashback?: object }>('/v1/events', { body, once: order })
      return cashback
    }
    // The book holds within a second; orders before it bring none.
    const cashback = { points: 300, dueAtMs: expect.any(Number) }
    let orders = 0
    await expect
      .poll(() => buy(`order-back-${++orders}`), { interval: 200, timeout: 10_000 })
      .toEqual(cashback)
    expect(await buy()).toEqual(cashback)
    await expect.poll(pending).toBe(300)
    expect(shown.flatMap(({ moved = [] }) => moved)).toMatchObject([
      { cause: 'pending', subject: order, ref: expect.stringMatching(/^cashback-/) },
    ])
    const refund = { body: {}, once: 'refund-back' }
    expect(await call(`/v1/orders/${order}/refund`, refund)).toMatchObject({ ok: true })
    await expect.poll(pending).toBe(0)
    expect(await call('/v1/conservation')).toMatchObject({ ok: true, holds: true })
    socket.close()
  })
})
