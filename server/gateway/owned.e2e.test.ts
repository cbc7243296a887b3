/** What an account owns shows wherever it is connected. */

import { beforeAll, expect, test } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import type { VoteView } from '../../shared/effects.ts'
import type { Refusal } from '../../shared/errors.ts'
import { parseAccount } from '../../shared/ids.ts'
import type { HistoryPage } from '../../shared/ledger.ts'
import type { CampaignView, CommentLine, Moment, RoomPulse } from '../../shared/room-state.ts'
import { DAY_MS } from '../../shared/time.ts'
import { currentRulebook } from '../governance/index.ts'
import { must } from '../kernel/index.ts'
import { openTestClock } from '../redis/index.ts'
import { changeGrowth, keepTiers } from '../scoring/index.ts'
import {
  knock,
  PARTITIONS,
  type TestService,
  type TestSocket,
  testTicket,
} from '../service.testing.ts'
import { useServices, visit } from '../use-services.testing.ts'
import { publishPlain } from './exactly-once.testing.ts'
import { ask, eventually, like } from './stand.testing.ts'

const LADDER = {
  id: 'kept',
  rungs: [
    { id: 'regular', label: { zh: '普通', en: 'Regular' }, growth: 0 },
    { id: 'gold', label: { zh: '黄金', en: 'Gold' }, growth: 100, keep: 30, factor: 2 },
  ],
}

const services = useServices()
let one: TestService
let two: TestService
beforeAll(async () => {
  await publishPlain(services.store(), {
    earn: [
      { id: 'like', no: 1, action: 'like', points: 100 },
      { id: 'vote', no: 2, action: 'vote', points: 2 },
    ],
    ladder: LADDER,
  })
  ;[one, two] = await services.start('gateway', 'gateway,worker')
})

test('[E7 000-19] a colour bought on one gateway is that of the next comment on another', async () => {
  const [phone, desk] = [await visit(one, { viewer: 'mei' }), await visit(two, { viewer: 'mei' })]
  const said: CommentLine[] = []
  desk.on('room.pulsed', ({ comments = [] }) => void said.push(...comments))
  const saying = async (seq: number, text: string) => {
    await ask(desk, 'comment.send', { seq, text })
    return eventually(() => said.find((line) => line.text === text), text)
  }
  expect(await like(phone, { seq: 1, count: 1 })).toMatchObject({ ok: true })
  expect(await saying(1, 'before I buy it')).not.toHaveProperty('colour')

  const told = new Promise((done) => desk.once('account.changed', done))
  const bought = { effect: 'colour', requestId: 'colour01', colour: 'sky' }
  expect(await ask(phone, 'effect.buy', bought)).toMatchObject({ ok: true, state: 'done' })
  expect(await told).not.toHaveProperty('owned')
  // The word between gateways has no answer: of four comments one at least comes after it.
  let seq = 1
  const coloured = async () => {
    seq += 1
    const { colour } = await saying(seq, `and now in colour ${seq}`)
    return colour
  }
  await expect.poll(coloured, { interval: 500 }).toBe('sky')
  for (const socket of [phone, desk]) socket.close()
})

test('[TI7 001-34] a viewer who comes back is told that the rung may be lost, and sees the fall with the next like', async () => {
  const { socket, welcome } = await knock(one.gatewayUrl, {
    ticket: await testTicket({ viewer: 'lan' }),
  })
  const account = must(parseAccount(welcome.me.handle), 'an account')
  const store = services.store()
  const { book } = must(await currentRulebook(store), 'a rulebook')
  const slot = PARTITIONS.slotOf(account)
  // Gold was reached 40 days ago, when somebody else had the clock.
  openTestClock()
  const now = Date.now()
  const at = { slot, book, journalMax: 1_000_000 }
  const growth = { account, id: 'grown', growth: 110, cause: 'adjusted', subject: '' } as const
  await changeGrowth(store, { ...at, nowMs: now - 40 * DAY_MS }, growth)

  const tierAfter = async (seq: number) => {
    const scored = await ask<Scored>(socket, 'like.send', { seq, count: 1 })
    return { ...scored.account.tier, points: scored.receipts[0]?.points }
  }
  const keep = { growth: 140, warned: true, untilMs: expect.any(Number) }
  expect(await tierAfter(1)).toMatchObject({ rung: 1, points: 200, keep })
  expect(await ask(socket, 'privilege.list', {})).toMatchObject({ rung: 1, keep })
  const aroundMs = now + 9 * DAY_MS
  expect(await keepTiers(store, { ...at, aroundMs, nowMs: aroundMs }, [account])).toEqual({
    tag: 'kept',
    told: [account],
  })
  expect(await tierAfter(2)).toEqual({ rung: 0, growth: 70, promotions: 0, points: 100 })
  const lines = async () => {
    const page = await ask<HistoryPage | Refusal>(socket, 'history.read', {})
    return page.ok ? page.entries.flatMap((line) => (line.kind === 'moved' ? [line] : [])) : []
  }
  // The history is a second behind, and may not be asked for all the time.
  await expect.poll(lines, { interval: 1000, timeout: 10_000 }).toMatchObject([
    { cause: 'tier_fell', tiers: { rung: { en: 'Gold' }, below: { en: 'Regular' } } },
    { cause: 'tier_warned', untilMs: expect.any(Number) },
  ])
  socket.close()
})

test('[T10 000-06] the host starts a key moment: from then on each action pays what it weighs, until the host ends it', async () => {
  const host = await visit(one, { viewer: 'host', role: 'host' })
  const viewer = await visit(one, { viewer: 'peak' })
  const pulses: RoomPulse[] = []
  viewer.on('room.pulsed', (pulse) => void pulses.push(pulse))
  let seq = 0
  const pays = async () => {
    const { receipts } = await ask<Scored>(viewer, 'like.send', { seq: ++seq, count: 1 })
    return receipts.map(({ points, multipliers }) => [points, multipliers.campaign])
  }
  const title = { zh: '高潮', en: 'Peak' }
  const start = (what: object) =>
    ask<{ campaign: CampaignView } | Refusal>(host, 'campaign.start', {
      ...{ requestId: 'key-moment', seconds: 600, title, ...what },
    })
  expect(await pays()).toEqual([[100, 1000]])
  const weights = { vote: 3, like: 0.5 }
  for (const wrong of [{}, { weights: {} }, { weights, factor: 2 }, { weights: { like: 9 } }])
    expect(await start(wrong)).toMatchObject({ code: 'bad_request' })
  const started = await start({ weights })
  expect(started).toMatchObject({
    campaign: { action: 'all', factor: 3000, weights: { vote: 3000, like: 500 } },
  })
  const likes = () => pulses.at(-1)?.heat.multipliers.like
  await expect.poll(likes, { timeout: 5000 }).toBe(500)
  expect(pulses.at(-1)?.campaigns).toMatchObject([{ title, weights: { like: 500 } }])
  expect(await pays()).toEqual([[50, 500]])
  if ('campaign' in started)
    await ask(host, 'campaign.end', { campaign: started.campaign.campaign })
  await expect.poll(likes, { timeout: 5000 }).toBeUndefined()
  expect(await pays()).toEqual([[100, 1000]])
  for (const socket of [host, viewer]) socket.close()
})

test('[E17 E21 001-16] votes over two gateways of which one is killed: each counts once and earns once', async () => {
  const voters = Array.from({ length: 12 }, (_, i) => `voter-${i}`)
  const host = await visit(two, { viewer: 'host', role: 'host' })
  const told: Moment[] = []
  host.on('room.happened', ({ moments }) => void told.push(...moments))
  const options = ['Oatmeal', 'Soy sauce', 'Tea'].map((text) => ({ zh: text, en: text }))
  const { vote } = await ask<{ vote: VoteView }>(host, 'vote.open', {
    ...{ requestId: 'next-product', title: { zh: '下一款', en: 'Next' }, options, seconds: 600 },
  })
  const cast = (socket: TestSocket, i: number) =>
    ask(socket, 'vote.cast', {
      ...{ requestId: `my-vote-${i}`, vote: vote.vote, option: i % 3, votes: 1, free: true },
    })
  const first = await Promise.all(voters.map((viewer) => visit(one, { viewer })))
  const cut = first.map((socket, i) => cast(socket, i).catch(() => undefined))
  await cut[0]
  await one.kill()
  await Promise.all(cut)
  // Nobody knows which of them were heard, so all say it again.
  const again = await Promise.all(voters.map((viewer) => visit(two, { viewer })))
  const answers = await Promise.all(again.map(cast))
  for (const answer of answers) expect(answer).toMatchObject({ ok: true, mine: { count: 1 } })

  const shown = await ask<{ votes: VoteView[] }>(must(again[0], 'a voter'), 'effect.list', {})
  expect(shown.votes[0]?.options.map(({ votes }) => votes)).toEqual([4, 4, 4])
  const balance = async (socket: TestSocket) => {
    const { account } = await ask<Scored>(socket, 'watch.beat', { seq: 1, nonce: 0, visible: true })
    return account.balance.spendable
  }
  expect(await Promise.all(again.map(balance))).toEqual(voters.map(() => 2))
  // By the host's word and by a second one: it ends once.
  for (let i = 0; i < 2; i++) await ask(host, 'vote.close', { vote: vote.vote })
  const closed = () => told.filter(({ kind }) => kind === 'vote.closed')
  await expect.poll(closed, { timeout: 15_000 }).toHaveLength(1)
  expect(closed()).toMatchObject([{ vote: { options: [4, 4, 4].map((votes) => ({ votes })) } }])
  for (const socket of [host, ...again]) socket.close()
})
