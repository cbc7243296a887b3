import { expect, test } from 'vitest'
import type { Refusal } from '../shared/errors.ts'
import type { ReplyOf } from '../shared/protocol/index.ts'
import { PRESETS } from '../shared/rulebook/presets.ts'
import { systemClock } from './kernel/index.ts'
import { knock, type TestSocket, testTicket } from './service.testing.ts'
import { useService } from './use-service.testing.ts'

const service = useService()

const call = (path: string, body?: object, once?: string): Promise<unknown> =>
  service.call(path, { ...(body && { body }), ...(once !== undefined && { once }) })

test('[E11 002-16 003-10] over HTTP: a friend who joins and orders makes the invite due within a second or two', async () => {
  const invite = { due: ['registers', 'orders'], points: 100, invitedPoints: 20 }
  const book = { ...PRESETS.community, invite }
  const ok = { ok: true }
  expect(await call('/v1/rulebook', { book }, 'publish-1')).toMatchObject(ok)
  // Until the new rulebook is known others are promised what the one before it says.
  let tries = 0
  const promised = () => {
    const inviter = `early-${tries++}`
    return call('/v1/invites', { inviter, invited: `friend-of-${inviter}` })
  }
  await expect.poll(promised, { timeout: 10_000 }).toMatchObject({ ...ok, points: 100 })
  expect(await call('/v1/invites', { inviter: 'ann', invited: 'ben' })).toMatchObject(ok)
  const pending = { balance: { pending: 100, spendable: 0 } }
  expect(await call('/v1/accounts/ann/wallet')).toMatchObject(pending)
  const joined = { action: 'register', viewer: 'ben' }
  expect(await call('/v1/events', joined, 'register-1')).toMatchObject(ok)
  await systemClock.sleep(500)
  expect(await call('/v1/accounts/ann/wallet')).toMatchObject(pending)
  const order = { action: 'purchase', viewer: 'ben', amountFen: 1000, order: 'order-001' }
  expect(await call('/v1/events', order, 'purchase-1')).toMatchObject(ok)
  await expect
    .poll(() => call('/v1/accounts/ann/wallet'), { timeout: 10_000 })
    .toMatchObject({ balance: { pending: 0, spendable: 100 }, balanced: true })
  // 50 for the order, 10 a yuan, and what the invite brings.
  const bonus = { kind: 'moved', cause: 'invited' }
  await expect
    .poll(() => call('/v1/accounts/ben/history'), { timeout: 10_000 })
    .toMatchObject({ entries: expect.arrayContaining([expect.objectContaining(bonus)]) })
  expect(await call('/v1/accounts/ben')).toMatchObject({ account: { balance: { spendable: 170 } } })
})

test('[E13] over HTTP: after a merge what the friend does under the other number makes the invite due', async () => {
  const invited = await call('/v1/invites', { inviter: 'lea', invited: 'max' }, 'invite-lea')
  expect(invited).toMatchObject({ ok: true, points: 100 })
  const join = (viewer: string) =>
    call('/v1/events', { action: 'register', viewer }, `register-${viewer}`)
  const order = (viewer: string, id: string) =>
    call('/v1/events', { action: 'purchase', viewer, amountFen: 1000, order: id }, `buy-${id}`)
  // What the other account did before is not what the friend was asked for.
  expect(await join('max')).toMatchObject({ ok: true })
  expect(await order('maxine', 'order-of-maxine')).toMatchObject({ ok: true })
  const merge = { from: 'max', into: 'maxine' }
  expect(await call('/v1/merges', merge, 'merge-max')).toMatchObject({ state: 'active' })
  await systemClock.sleep(1500)
  expect(await call('/v1/accounts/lea/wallet')).toMatchObject({ balance: { pending: 100 } })
  expect(await order('maxine', 'order-after')).toMatchObject({ ok: true })
  await expect
    .poll(() => call('/v1/accounts/lea/wallet'), { timeout: 10_000 })
    .toMatchObject({ balance: { pending: 0, spendable: 100 }, balanced: true })
})

const enter = async (viewer: string, via?: string) =>
  knock(service.gatewayUrl(), { ticket: await testTicket({ viewer }), ...(via && { via }) })
const list = (socket: TestSocket) =>
  new Promise<ReplyOf<'invite.list'> | Refusal>((done) =>
    socket.emit('invite.list', {}, done as never),
  )
const buy = (viewer: string) =>
  call(
    '/v1/events',
    { action: 'purchase', viewer, amountFen: 1000, order: `order-of-${viewer}` },
    `buy-of-${viewer}`,
  )

test('[E18 001-18] over the socket: a newcomer by the link is pending, then pays the inviter, and the task counts it', async () => {
  const invite = { due: ['orders'], points: 100, invitedPoints: 20, guard: { freezeAt: 3 } }
  const book = { ...PRESETS.live, invite }
  expect(await call('/v1/rulebook', { book }, 'publish-links')).toMatchObject({ ok: true })
  const first = await enter('dora')
  await expect.poll(() => list(first.socket)).toMatchObject({ ok: true, due: ['orders'] })
  const { via, handle } = (await enter('dora')).welcome.me
  expect(via).toBeDefined()
  expect(via).not.toContain(handle)
  // Who was here before is no newcomer, whatever link is opened.
  await enter('ann', via)
  const friend = await enter('eva', via)
  // Again, and by a link that somebody made up.
  await enter('eva', via)
  await enter('fay', `${via?.slice(0, -2)}AA`)
  await expect
    .poll(() => list(first.socket))
    .toMatchObject({
      leftToday: 4,
      invites: [
        { standing: 'pending', left: ['orders'] },
        { standing: 'refused', why: 'known' },
      ],
    })
  expect(await buy('eva')).toMatchObject({ ok: true })
  await expect
    .poll(() => list(first.socket))
    .toMatchObject({ invites: [{ standing: 'qualified', points: 100 }, { why: 'known' }] })
  // 100 of the promise, 30 of the task "bring a friend".
  await expect
    .poll(() => call('/v1/accounts/dora/wallet'))
    .toMatchObject({ balance: { pending: 0, spendable: 130 }, balanced: true })
  for (const { socket } of [first, friend]) socket.close()
})

test('[E19 A28 002-53] over HTTP: a farm on one network is held, shown to operators, and judged by them', async () => {
  const { socket, welcome } = await enter('gus')
  const friends = ['g-1', 'g-2', 'g-3', 'g-4']
  for (const friend of friends) (await enter(friend, welcome.me.via)).socket.close()
  for (const friend of friends) expect(await buy(friend)).toMatchObject({ ok: true })
  const held = async () => ((await call('/v1/invites/held')) as { invites: object[] }).invites
  await expect.poll(held).toHaveLength(4)
  const [one, two] = (await held()) as { invited: string }[]
  expect(one).toMatchObject({ points: 100, frozen: false, suspicions: ['network'] })
  const judge = (of: { invited: string } | undefined, real: boolean) =>
    call('/v1/invites/judge', { invited: of?.invited, real })
  expect(await judge(one, true)).toMatchObject({ ok: true })
  expect(await judge(two, false)).toMatchObject({ ok: true })
  await expect.poll(held).toHaveLength(2)
  await expect
    .poll(() => call('/v1/accounts/gus/wallet'))
    .toMatchObject({ balance: { pending: 200 }, balanced: true })
  const standings = ((await list(socket)) as ReplyOf<'invite.list'>).invites
  expect(standings.map(({ standing }) => standing).sort()).toEqual(
    ['held', 'held', 'qualified', 'refused'].sort(),
  )
  socket.close()
})
