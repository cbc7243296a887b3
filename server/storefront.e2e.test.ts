import { execFileSync, spawn } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../loadtest/processes/free-port.ts'
import type { RoomRedemptions, WeekBoard, WeekBoards } from '../shared/boards.ts'
import type { ClubDesk, ClubDeskRead, ClubRead } from '../shared/clubs.ts'
import type { Refusal } from '../shared/errors.ts'
import { parseAccount } from '../shared/ids.ts'
import type { HistoryPage, LedgerEntry } from '../shared/ledger.ts'
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
import type { CommentLine } from '../shared/room-state.ts'
import { PRESETS } from '../shared/rulebook/presets.ts'
import type { TeamsRead } from '../shared/teams.ts'
import { must } from './kernel/index.ts'
import { type Asking, askApi, askSocket } from './merchant.testing.ts'
import { startRedis, type TestRedis } from './redis/testing.ts'
import { flashOwedKey } from './rewards/keys.ts'
import {
  knock,
  startService,
  type TestService,
  type TestSocket,
  testTicket,
} from './service.testing.ts'

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

const call = <T>(...[path, asking]: [string, Asking?]) => askApi<T>(service.apiUrl, path, asking)

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

  test('[RW40 002-02] after a payment the viewer is told what it brought and what it is enough for', async () => {
    const { socket } = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'lin' }),
    })
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

  test('[RW1 RW50 002-21 002-03] one tap takes it; the code and a signed QR code appear', async () => {
    const { socket } = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'lin' }),
    })
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
      (
        await knock(service.gatewayUrl, {
          ticket: await testTicket({ viewer: `host-${room}`, role: 'host', room }),
        })
      ).socket
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
    const viewer = (
      await knock(service.gatewayUrl, { ticket: await testTicket({ viewer: 'lin' }) })
    ).socket
    expect(await askSocket(viewer, 'redemption.log', {})).toMatchObject({ code: 'forbidden' })
    for (const socket of [own, other, viewer]) socket.close()
  })

  test('[B9 B3 003-21] a board that is published counts from then on; viewer, host and operator see it', async () => {
    const { book } = await call<{ book: object }>('/v1/rulebook')
    const title = { zh: '周榜', en: 'This week' }
    // Beside the demo's own, whose number it must not have.
    const board = { id: 'stars', no: 2, title, prizes: [100, 50] }
    expect(
      await call('/v1/rulebook', { body: { book: { ...book, boards: [board] } } }),
    ).toMatchObject({ ok: true })
    const { socket } = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'ann' }),
    })
    await expect
      .poll(
        async () => (await askSocket<WeekBoards>(socket, 'board.week', {})).boards?.[0]?.board.id,
        {
          ...{ timeout: 15_000, interval: 500 },
        },
      )
      .toBe('stars')
    for (const [viewer, amountFen] of [
      ['ann', 20_000],
      ['bea', 90_000],
    ] as const)
      await call('/v1/events', { body: { action: 'purchase', viewer, room: 'demo', amountFen } })
    await expect
      .poll(
        async () => {
          const { boards } = await askSocket<WeekBoards>(socket, 'board.week', {})
          return boards?.[0]?.own?.rank
        },
        { timeout: 25_000, interval: 4000 },
      )
      .toBeGreaterThan(0)
    const hosting = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'host-demo', role: 'host' }),
    })
    const hosted = await askSocket<WeekBoards>(hosting.socket, 'board.week', {})
    expect(hosted.boards).toMatchObject([{ board: { id: 'stars', title } }])
    expect(hosted.boards[0]).not.toHaveProperty('own')
    hosting.socket.close()
    const seen = await call<{ boards: WeekBoard[] }>('/v1/boards')
    expect(seen.boards).toMatchObject([{ id: 'stars', prizes: [100, 50] }])
    expect(await call('/v1/boards?week=2026-11-24')).toMatchObject({ code: 'bad_request' })
    expect(await call('/v1/boards?week=2020-01-06')).toEqual({ ok: true, boards: [] })
    socket.close()
  })

  test('[FC8 FC9 FC11 FC14 004-13 004-14 004-15] a viewer joins the club of the host, acts, rises there and on the platform, and is paid for a task', async () => {
    const { book } = await call<{ book: object }>('/v1/rulebook')
    const fanClub = {
      rungs: [
        { id: 'new', label: { zh: '新团员', en: 'New' }, growth: 0 },
        { id: 'fan', label: { zh: '铁粉', en: 'Fan' }, growth: 4, platformGrowth: 7 },
      ],
      ...{ earns: { like: 2 }, perDay: 100, joinPoints: 10, taskPoints: 500 },
    }
    expect(await call('/v1/rulebook', { body: { book: { ...book, fanClub } } })).toMatchObject({
      ok: true,
    })
    const { socket } = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'fay' }),
    })
    const moved: LedgerEntry[] = []
    let growth = 0
    socket.on('account.changed', (change) => {
      moved.push(...(change.moved ?? []))
      growth = change.account.tier.growth
    })
    const read = async () => (await askSocket<ClubRead>(socket, 'club.read', {})).club
    await expect.poll(read, { timeout: 15_000, interval: 1500 }).toMatchObject({ joinPoints: 10 })
    const joining = () => askSocket(socket, 'club.join', { requestId: 'join-fay-001' })
    expect(await joining()).toMatchObject({ ok: false, code: 'points_short' })
    await call('/v1/events', {
      body: { action: 'purchase', viewer: 'fay', room: 'demo', amountFen: 20_000 },
    })
    expect(await joining()).toMatchObject({ ok: true, club: { own: { growth: 0, rung: 0 } } })
    const hosting = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'host-demo', role: 'host' }),
    })
    const task = { requestId: 'task-demo-01', action: 'like', goal: 2, points: 50, minutes: 60 }
    const host = <T>(name: string, input: object) => askSocket<T>(hosting.socket, name, input)
    expect(await host('clubTask.start', { ...task, places: 11 })).toMatchObject({
      ...{ code: 'club_limit', field: 'points', have: 500 },
    })
    const before = growth
    expect(await host('clubTask.start', { ...task, places: 10 })).toMatchObject({ ok: true })
    let seq = 0
    const liking = async () => {
      await askSocket(socket, 'like.send', { seq: ++seq, count: 1 })
      return moved.find(({ cause }) => cause === 'club_task')
    }
    // What comes before the task has begun does not count for it.
    await expect.poll(liking, { timeout: 30_000, interval: 500 }).toMatchObject({
      moves: [{ from: 'issued', to: 'spendable', points: 50 }],
    })
    await expect.poll(read, { timeout: 15_000, interval: 2500 }).toMatchObject({
      own: { rung: 1 },
      tasks: [{ state: 'paid', progress: 2, left: 9 }],
    })
    await expect.poll(() => growth).toBeGreaterThanOrEqual(before + 7)
    // Histories are a second behind.
    const causes = async () => {
      const { entries } = await askSocket<HistoryPage>(socket, 'history.read', {})
      return entries?.flatMap((one) => (one.kind === 'moved' ? [one.cause] : []))
    }
    await expect
      .poll(causes, { timeout: 15_000, interval: 2500 })
      .toEqual(expect.arrayContaining(['club_task', 'club_rung', 'captured']))
    expect((await host<ClubDeskRead>('club.desk', {})).club).toMatchObject({
      ...{ members: 1, byRung: [{ members: 0 }, { members: 1 }], pointsLeft: 0 },
      tasks: [{ action: 'like', left: 9 }],
    })
    expect(await askSocket(socket, 'club.desk', {})).toMatchObject({ code: 'forbidden' })
    const bearer = await testTicket({ viewer: 'host-garden', role: 'host', room: 'garden' })
    expect(await call('/v1/rooms/demo/club', { bearer })).toMatchObject({ code: 'forbidden' })
    const operator = await testTicket({ viewer: 'zhou-ning', role: 'operator' })
    const ending = (task: number) =>
      call(`/v1/rooms/demo/club/tasks/${task}/end`, { bearer: operator, body: {} })
    const clubs = () => call<{ clubs: Listed[] }>('/v1/clubs', { bearer: operator })
    interface Listed {
      rooms: { id: string }[]
      club: ClubDesk
    }
    const listed = async () => (await clubs()).clubs.find(({ club }) => club.members > 0)
    const own = must(await listed(), 'the club in the list')
    expect(own).toMatchObject({ rooms: [{ id: 'demo' }], club: { tasks: [{ left: 9 }] } })
    const running = must(own.club.tasks[0], 'its task')
    expect(await ending(running.task)).toEqual({ ok: true })
    expect(await ending(running.task)).toMatchObject({ code: 'task_closed' })
    expect(await listed()).toMatchObject({ club: { tasks: [{ ended: true }] } })
    expect(await call('/v1/clubs', { bearer })).toMatchObject({ code: 'forbidden' })
    for (const one of [socket, hosting.socket]) one.close()
  })

  test('[TT5 TT7 003-23] a viewer opens a team, a friend joins it by its code, they reach the target together and each is paid', async () => {
    const came = async (viewer: string) => {
      const { socket } = await knock(service.gatewayUrl, { ticket: await testTicket({ viewer }) })
      const moved: LedgerEntry[] = []
      socket.on('account.changed', (change) => void moved.push(...(change.moved ?? [])))
      const ask = <T = TeamsRead>(name: string, input: object = {}) =>
        askSocket<T>(socket, name, input)
      return { socket, moved, ask }
    }
    const [tia, tom] = [await came('tia'), await came('tom')]
    const task = { id: 'cheer', target: 60, most: 40, least: 10, points: 30 }
    expect((await tia.ask('team.list')).tasks).toMatchObject([task])
    const opened = await tia.ask('team.open', { task: 'cheer' })
    const { code } = must(opened.tasks[0]?.team, 'a team')
    expect(await tom.ask('team.join', { code: 'AAAAABBBBB' })).toMatchObject({ code: 'not_found' })
    expect(await tom.ask('team.join', { code })).toMatchObject({ tasks: [{ team: { code } }] })
    for (const [one, likes] of [
      [tia, 45],
      [tom, 30],
    ] as const)
      for (let seq = 1; seq <= likes / 15; seq++) await one.ask('like.send', { seq, count: 15 })
    const teamOf = async () => (await tom.ask('team.list')).tasks[0]?.team
    await expect.poll(teamOf, { timeout: 60_000, interval: 2000 }).toMatchObject({
      ...{ code, sum: 60, reached: true },
      members: [
        { part: 40, paid: 30 },
        { you: true, part: 30, paid: 30 },
      ],
    })
    for (const { moved } of [tia, tom])
      await expect
        .poll(() => moved.filter(({ cause }) => cause === 'team_task'))
        .toMatchObject([{ moves: [{ from: 'issued', to: 'spendable', points: 30 }] }])
    expect(await tom.ask('team.leave', { task: 'cheer' })).toMatchObject({ code: 'task_closed' })
    for (const { socket } of [tia, tom]) socket.close()
  })

  test('[B11 004-19] who led the week wears the badge at the own comments', async () => {
    const { socket, welcome } = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'eve' }),
    })
    const account = must(parseAccount(must(welcome.me, 'a viewer').handle), 'an account')
    const title = { zh: '互动之星', en: 'Star of the week' }
    const store = await redis.connect()
    const wear = (forMs: number) =>
      store.hset(
        'ff:{cfg}:boards-stars',
        String(account),
        JSON.stringify({ title, untilMs: Date.now() + forMs }),
      )
    const said: CommentLine[] = []
    socket.on('room.pulsed', ({ comments = [] }) => void said.push(...comments))
    let seq = 0
    const saying = async () => {
      const text = `good evening number ${++seq}`
      await askSocket(socket, 'comment.send', { seq, text })
      await expect
        .poll(() => said.some((line) => line.text === text), { timeout: 10_000 })
        .toBe(true)
      return said.find((line) => line.text === text)?.star
    }
    await wear(3_600_000)
    await expect.poll(saying, { timeout: 30_000, interval: 3200 }).toEqual(title)
    socket.close()
  })

  test('[RW51 003-16] 500 points are a coupon of ten yuan, which the shop takes once', async () => {
    const { socket } = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'wu' }),
    })
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
    const { socket, welcome } = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'mei' }),
    })
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
    const store = await redis.connect()
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
    const host = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'host', role: 'host' }),
    })
    const { socket } = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'late' }),
    })
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
    const enter = (requestId: string) =>
      askSocket(socket, 'draw.enter', { requestId, draw: draw.draw, tickets: 1, free: true })
    for (let i = 0; i < 2; i++) expect(await enter('late-free-1')).toMatchObject({ ok: true })
    await expect.poll(earned).toMatchObject([{ points: 2 }, { points: 2 }])
    expect(await call('/v1/conservation')).toMatchObject({ ok: true, holds: true })
    for (const one of [socket, host.socket]) one.close()
  })
  test('[E15 004-07] where the book says so, an order is answered with what comes back of it, and the viewer sees it pending', async () => {
    const book = { ...PRESETS.live, cashback: { perMille: 30, withEarned: 'beside' } }
    expect(await call('/v1/rulebook', { body: { book } })).toMatchObject({ ok: true })
    const { socket } = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'back' }),
    })
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

describe('reports by a queue', () => {
  const paid = async (viewer: string): Promise<number> => {
    const { account } = await call<{ account?: { balance: { spendable: number } } }>(
      `/v1/accounts/${viewer}`,
    )
    return account?.balance.spendable ?? 0
  }
  const purchase = (viewer: string, order: string) =>
    JSON.stringify({
      id: `paid-${order}`,
      event: { action: 'purchase', viewer, amountFen: 500, order },
    })
  const ingest = (source: string, more: Record<string, string> = {}) =>
    spawn(process.execPath, ['dist/server/main.js', 'ingest', source], {
      env: {
        PATH: process.env.PATH,
        FANFARE_DEMO: '1',
        FANFARE_INGEST_API: service.apiUrl,
        FANFARE_INGEST_REDIS_URL: redis.url,
        ...more,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  test('[IN6 IN7 002-39] a process that is killed with messages in its hands leaves them to the next, which credits each once', async () => {
    const store = await redis.connect()
    const put = async (from: number, to: number) => {
      for (let i = from; i < to; i++)
        await store.xadd('fanfare:messages', '*', 'message', purchase(`q${i % 40}`, `queue-${i}`))
    }
    const left = async () => {
      const [group = []] = (await store.xinfo('GROUPS', 'fanfare:messages')) as unknown[][]
      const of = (name: string) => Number(group[group.indexOf(name) + 1])
      return of('pending') + of('lag')
    }
    await put(0, 40)
    const first = ingest('stream', { FANFARE_INGEST_PORT: String(await freePort()) })
    await expect.poll(() => paid('q0')).toBeGreaterThan(0)
    await put(40, 120)
    first.kill('SIGKILL')
    await once(first, 'exit')
    // What it held is claimed when twenty seconds are over, which are made to be over now.
    const held = (await store.xpending(
      ...(['fanfare:messages', 'fanfare', '-', '+', 200] as const),
    )) as [string][]
    for (const [id] of held)
      await store.call('XCLAIM', 'fanfare:messages', 'fanfare', 'gone', 0, id, 'IDLE', 30_000)
    const port = await freePort()
    const second = ingest('stream', { FANFARE_INGEST_PORT: String(port) })
    for (let i = 0; i < 120; i++)
      await call('/v1/events', {
        body: (JSON.parse(purchase(`q${i % 40}`, `queue-${i}`)) as { event: object }).event,
        once: `paid-queue-${i}`,
      })
    await expect.poll(left).toBe(0)
    for (let i = 0; i < 3; i++)
      await call('/v1/events', {
        body: { action: 'purchase', viewer: 'by-http', amountFen: 500, order: `http-${i}-0001` },
      })
    // Three orders each, which is too little to rise a tier.
    const each = await Promise.all(Array.from({ length: 40 }, (_, i) => paid(`q${i}`)))
    expect(each).toEqual(each.map(() => each[0]))
    expect(each[0]).toBe(await paid('by-http'))
    expect(await store.exists('{fanfare:messages}:dead')).toBe(0)
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(metrics).toMatch(/^fanfare_ingest_taken_total\{.*kind="event".*\} \d+$/m)
    expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()).toMatchObject({
      ok: true,
    })
    second.kill('SIGTERM')
    expect(await once(second, 'exit')).toEqual([0, null])
  })

  test('[IN11 002-39] the loop that docs/queues.md gives for Kafka goes on where the last answer was, whatever is cut off', async () => {
    const [, loop = ''] =
      /```sh kcat\n([\s\S]*?)```/.exec(readFileSync('docs/queues.md', 'utf8')) ?? []
    const folder = mkdtempSync(join(tmpdir(), 'fanfare-queue-'))
    const program = (name: string, text: string) => {
      writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`)
      chmodSync(join(folder, name), 0o755)
    }
    // Stands in for the broker: a message a line, from an offset on; the second run has all of them.
    const topic = Array.from({ length: 30 }, (_, i) => purchase('kay', `kafka-${i}`))
    topic[7] = 'no json'
    writeFileSync(join(folder, 'topic'), `${topic.join('\n')}\n`)
    program(
      'kcat',
      `while [ "$1" != -o ]; do shift; done
[ "$2" = beginning ] && from=0 || from=$2
head -n "\${UPTO:-99}" "$TOPIC" | awk -v from="$from" 'NR > from { print NR - 1 "\\t" $0 }'`,
    )
    program('npm', `exec "${process.execPath}" "${resolve('dist/server/main.js')}" ingest lines`)
    const run = (more: Record<string, string>) =>
      execFileSync('sh', ['-c', loop], {
        cwd: folder,
        env: {
          PATH: `${folder}:${process.env.PATH}`,
          TOPIC: join(folder, 'topic'),
          FANFARE_DEMO: '1',
          FANFARE_INGEST_API: service.apiUrl,
          ...more,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    run({ UPTO: '12' })
    expect(readFileSync(join(folder, 'offset'), 'utf8').trim()).toBe('12')
    const before = await paid('kay')
    // As if the newest offsets had not been written before a crash.
    writeFileSync(join(folder, 'offset'), '9\n')
    run({})
    expect(readFileSync(join(folder, 'offset'), 'utf8').trim()).toBe('30')
    expect(await paid('kay')).toBeGreaterThan(before)
    const answers = readFileSync(join(folder, 'answers.jsonl'), 'utf8').trim().split('\n')
    expect(answers).toHaveLength(12 + 21)
    const refused = answers.map((line) => JSON.parse(line) as { ok: boolean; ref: string })
    expect(refused.filter(({ ok }) => !ok).map(({ ref }) => ref)).toEqual(['7'])
    for (let i = 0; i < 29; i++)
      await call('/v1/events', {
        body: { action: 'purchase', viewer: 'kay-http', amountFen: 500, order: `kay-${i}-0001` },
      })
    expect(await paid('kay')).toBe(await paid('kay-http'))
    rmSync(folder, { recursive: true, force: true })
  })
})
