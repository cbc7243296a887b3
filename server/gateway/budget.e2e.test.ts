/** The budget of a live over real sockets, several gateway processes and a crash. */

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { BudgetPolicy } from '../../shared/rulebook/budget.ts'
import { readBudget } from '../governance/index.ts'
import { must } from '../kernel/index.ts'
import { createPartitions, type Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { readJournal } from '../scoring/index.ts'
import {
  knock,
  startService,
  type TestService,
  type TestSocket,
  testTicket,
} from '../service.testing.ts'
import { journalKey } from '../wallet/index.ts'
import { publishPlain } from './exactly-once.testing.ts'

let redis: TestRedis
let store: Store
let services: TestService[] = []
beforeAll(async () => {
  redis = await startRedis()
  store = await redis.connect()
})
beforeEach(async () => {
  await Promise.all(services.map((service) => service.kill()))
  await store.flushall()
})
afterAll(async () => {
  await Promise.allSettled(services.map((service) => service.kill()))
  await redis.stop()
})

async function start(gateways: number, budget: BudgetPolicy): Promise<TestService[]> {
  await publishPlain(store, { budget })
  services = await Promise.all(
    Array.from({ length: gateways }, () => startService({ redisUrl: redis.url })),
  )
  return services
}

interface Paid {
  points: number
  /** Receipts that the budget cut. */
  cut: number
}

/** Of all accounts, as the journal has it. */
async function journalled(): Promise<Paid> {
  const sum: Paid = { points: 0, cut: 0 }
  for (const slot of createPartitions(8).slots)
    for (const [, fields] of await store.xrangeBuffer(journalKey(slot), '-', '+'))
      for (const { receipts } of readJournal(must(fields[1], 'bytes')).entries)
        for (const { points, reason } of receipts) {
          sum.points += points
          if (reason === 'budget') sum.cut += 1
        }
  return sum
}

const likeOnce = (socket: TestSocket, seq: number, count: number) =>
  new Promise<Scored | Refusal | undefined>((done) => {
    socket.once('disconnect', () => done(undefined))
    socket.emit('like.send', { seq, count }, done)
  })

/** As a client does it: what is answered `busy` comes again. */
async function like(socket: TestSocket, seq: number, count: number): Promise<Scored | undefined> {
  for (let tries = 0; tries < 40 && socket.connected; tries++) {
    const answer = await likeOnce(socket, seq, count)
    if (answer?.ok) return answer
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return undefined
}

const visit = async (service: TestService, viewer: string): Promise<TestSocket> =>
  (await knock(service.gatewayUrl, { ticket: await testTicket({ viewer }) })).socket

test('[G12 C43] four gateways, one of them killed in the rush: not one point above the budget', async () => {
  const most = 5000
  const gateways = await start(4, { points: most, atCap: 'clamp' })
  const sockets = await Promise.all(
    Array.from({ length: 80 }, (_, i) => visit(must(gateways[i % 4], 'a gateway'), `v${i}`)),
  )
  for (let seq = 1; seq <= 20; seq++) {
    const round = sockets.map((socket) => like(socket, seq, 10))
    if (seq === 3) await must(gateways[3], 'a gateway').kill()
    await Promise.all(round)
    expect((await journalled()).points).toBeLessThanOrEqual(most)
  }
  const { points, cut } = await journalled()
  expect(cut).toBeGreaterThan(100)
  // What the killed gateway had leased is nobody's any more; the others paid all the rest.
  const use = must(await readBudget(store, 'demo'), 'a budget')
  expect(use.leased).toBe(most)
  expect(points).toBeGreaterThanOrEqual(use.paid)
  expect(points).toBeGreaterThan(most * 0.7)
  for (const socket of sockets) socket.close()
})

test.each([
  ['clamp', 25, { points: 5, reason: 'budget' }],
  ['refuse', 20, { points: 0, reason: 'budget' }],
] as const)('[G14 C43] the award that would pass the budget: %s', async (atCap, paid, last) => {
  const [one] = await start(1, { points: 25, atCap })
  const socket = await visit(must(one, 'a gateway'), 'v1')
  const answers = []
  for (let seq = 1; seq <= 4; seq++) answers.push(await like(socket, seq, 10))
  expect(answers.map((answer) => answer?.receipts[0])).toMatchObject([
    { points: 10 },
    { points: 10 },
    last,
    { points: 0, reason: 'budget' },
  ])
  expect(answers.at(-1)?.account.balance.spendable).toBe(paid)
  expect((await journalled()).points).toBe(paid)
  socket.close()
})
