/** Plans hold what they promise: they fit the protocol's limits and the time that tests have. */

import { describe, expect, it } from 'vitest'
import { commands } from '../../shared/protocol/index.ts'
import { LIKES_PER_COMMAND } from '../../shared/protocol/limits.ts'
import { ACTS } from '../viewer/acts.ts'
import { type Form, type PlannedCommand, planMs, planOf, SCENARIOS, SETTLE_MS } from './index.ts'

const FORMS: Form[] = ['short', 'long']
const plans = SCENARIOS.flatMap(({ name }) =>
  FORMS.map((form) => {
    const plan = planOf(name, form)
    if (!plan) throw new Error(`no ${name}`)
    return plan
  }),
)

describe.each(plans)('$name, $form form', (plan) => {
  it('asks for no more than a command of the protocol allows', () => {
    for (const { rates } of plan.phases)
      for (const [name, rate] of Object.entries(rates)) {
        const { limit, roles } = commands[name as PlannedCommand]
        expect(roles).toContain('viewer')
        // Gaps vary, so that a minute may hold half as many again.
        expect(rate.perMinute).toBeLessThanOrEqual(limit.perMinute / 1.5)
        const [least, most] = rate.taps ?? [1, 1]
        expect(least).toBeGreaterThanOrEqual(1)
        expect(most).toBeGreaterThanOrEqual(least)
        expect(most).toBeLessThanOrEqual(LIKES_PER_COMMAND)
      }
  })

  it('has everybody there before the last phase ends, within the life of a ticket', () => {
    expect(plan.arriveMs).toBeLessThan(planMs(plan))
    expect(plan.arriveMs).toBeLessThan(240_000)
    for (const { cut = 0 } of plan.phases) {
      expect(cut).toBeGreaterThanOrEqual(0)
      expect(cut).toBeLessThanOrEqual(1)
    }
  })

  it('takes the time of its form', () => {
    if (plan.form === 'short') expect(planMs(plan)).toBeLessThanOrEqual(15_000)
    else expect(planMs(plan)).toBeGreaterThanOrEqual(120_000)
    expect(planMs(plan) + SETTLE_MS).toBeLessThanOrEqual(300_000)
  })
})

it('what viewers of plans send fits the schemas of the protocol, whatever chance says', () => {
  for (const random of [() => 0, () => 0.5, () => 1 - 2 ** -32])
    for (const [name, { payload }] of Object.entries(ACTS)) {
      const input = { seq: 1, ...payload(random, { perMinute: 1, taps: [5, 20] }) }
      expect(commands[name as PlannedCommand].input.safeParse(input)).toMatchObject({
        success: true,
      })
    }
})

it('there is no plan of a scenario that is not there, and the number of viewers can be chosen', () => {
  expect(planOf('no-such-room', 'short')).toBeUndefined()
  expect(planOf('steady-room', 'short', { viewers: 7, seed: 9 })).toMatchObject({
    viewers: 7,
    seed: 9,
    name: 'steady-room',
    form: 'short',
  })
})
