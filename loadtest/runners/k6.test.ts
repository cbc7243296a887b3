/** What k6 is told and what is read back from it. */

import { describe, expect, it } from 'vitest'
import { k6Ms, k6Options } from '../k6/options.ts'
import { planMs, planOf, SCENARIOS } from '../scenarios/index.ts'
import { thresholdsOf } from '../slo/thresholds.ts'
import { readRecords, readSummary } from './k6.ts'

describe('k6', () => {
  it.each(SCENARIOS)(
    '$name: every threshold and every viewer of the plan gets there',
    ({ name }) => {
      const plan = planOf(name, 'long')
      if (!plan) throw new Error('no plan')
      const options = k6Options({ plan, thresholds: thresholdsOf(name) })
      expect(options.scenarios.viewers.vus).toBe(plan.viewers)
      expect(k6Ms(plan)).toBeGreaterThan(planMs(plan))
      expect(Object.values(options.thresholds).flat()).toHaveLength(thresholdsOf(name).length)
      expect(options.thresholds.evt_acked).toEqual(['rate>0.999'])
      expect(options.thresholds.evt_ack_ms).toHaveLength(2)
    },
  )

  it('of its summary our metrics are read, and no others', () => {
    const metrics = {
      evt_acked: { type: 'rate', values: { rate: 0.5, passes: 1, fails: 1 } },
      evt_ack_ms: { values: { 'p(95)': 4, 'p(99)': 5 } },
      iterations: { values: { count: 3, rate: 1 } },
    }
    expect(readSummary(JSON.stringify({ metrics }))).toEqual({
      evt_acked: metrics.evt_acked.values,
      evt_ack_ms: metrics.evt_ack_ms.values,
    })
  })

  it('a viewer that broke fails the run with what it said', () => {
    const record = { viewer: 0, account: 'a', phase: 'online', sessions: [] }
    expect(readRecords(`${JSON.stringify(record)}\n\n`)).toEqual([record])
    expect(() =>
      readRecords(`${JSON.stringify(record)}\nTypeError: x is not a function\n`),
    ).toThrow('TypeError: x is not a function')
  })
})
