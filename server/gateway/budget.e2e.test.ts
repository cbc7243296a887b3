/** The budget of a live over real sockets, several gateway processes and a crash. */

import { beforeEach, expect, test } from 'vitest'
import type { BudgetPolicy } from '../../shared/rulebook/budget.ts'
import { readBudget } from '../governance/index.ts'
import { must } from '../kernel/index.ts'
import { useServices, visit } from '../use-services.testing.ts'
import { publishPlain } from './exactly-once.testing.ts'
import { likeUntilCredited } from './stand.testing.ts'

const services = useServices()
beforeEach(async () => {
  await services.killAll()
  await services.store().flushall()
})

const publish = (budget: BudgetPolicy) => publishPlain(services.store(), { budget })

interface Paid {
  points: number
  /** Receipts that the budget cut. */
  cut: number
}

/** Of all accounts, as the journal has it. */
async function allPaid(): Promise<Paid> {
  const sum: Paid = { points: 0, cut: 0 }
  for (const { receipts } of await services.journalled())
    for (const { points, reason } of receipts) {
      sum.points += points
      if (reason === 'budget') sum.cut += 1
    }
  return sum
}

test('[G12 C43] four gateways, one of them killed in the rush: not one point above the budget', async () => {
  const most = 5000
  await publish({ points: most, atCap: 'clamp' })
  const gateways = await services.start('gateway', 'gateway', 'gateway', 'gateway')
  const sockets = await Promise.all(
    Array.from({ length: 80 }, (_, i) =>
      visit(must(gateways[i % 4], 'a gateway'), { viewer: `v${i}` }),
    ),
  )
  for (let seq = 1; seq <= 20; seq++) {
    const round = sockets.map((socket) => likeUntilCredited(socket, { seq, count: 10 }))
    if (seq === 3) await gateways[3].kill()
    await Promise.all(round)
    expect((await allPaid()).points).toBeLessThanOrEqual(most)
  }
  const { points, cut } = await allPaid()
  expect(cut).toBeGreaterThan(100)
  // What the killed gateway had leased is nobody's any more; the others paid all the rest.
  const use = must(await readBudget(services.store(), 'demo'), 'a budget')
  expect(use.leased).toBe(most)
  expect(points).toBeGreaterThanOrEqual(use.paid)
  expect(points).toBeGreaterThan(most * 0.7)
  for (const socket of sockets) socket.close()
})

test.each([
  ['clamp', 25, { points: 5, reason: 'budget' }],
  ['refuse', 20, { points: 0, reason: 'budget' }],
] as const)('[G14 C43] the award that would pass the budget: %s', async (atCap, paid, last) => {
  await publish({ points: 25, atCap })
  const [one] = await services.start('gateway')
  const socket = await visit(one, { viewer: 'v1' })
  const answers = []
  for (let seq = 1; seq <= 4; seq++)
    answers.push(await likeUntilCredited(socket, { seq, count: 10 }))
  expect(answers.map((answer) => answer?.receipts[0])).toMatchObject([
    { points: 10 },
    { points: 10 },
    last,
    { points: 0, reason: 'budget' },
  ])
  expect(answers.at(-1)?.account.balance.spendable).toBe(paid)
  expect((await allPaid()).points).toBe(paid)
  socket.close()
})
