/** Thresholds decide, and cannot be met by measuring nothing. */

import { describe, expect, it } from 'vitest'
import { SCENARIOS } from '../scenarios/index.ts'
import { createMeter, METRICS, type Measured, percentile } from './metrics.ts'
import {
  expressionOf,
  judge,
  parseThreshold,
  THRESHOLDS,
  thresholdsOf,
  titleOf,
} from './thresholds.ts'

const good: Measured = {
  evt_acked: { rate: 1 },
  evt_ack_ms: { 'p(95)': 12, 'p(99)': 30 },
  sio_connect_ms: { 'p(95)': 80 },
}
const missed = (measured: Measured, form: 'short' | 'long' = 'long') =>
  judge(measured, THRESHOLDS, form)
    .filter(({ judged, met }) => judged && !met)
    .map(({ threshold }) => titleOf(threshold))

describe('thresholds', () => {
  it('a good run meets all of them', () => {
    expect(missed(good)).toEqual([])
  })

  it('each of them can be missed', () => {
    expect(missed({ ...good, evt_acked: { rate: 0.999 } })).toEqual(['evt_acked rate>0.999'])
    expect(missed({ ...good, double_credit: { count: 1 } })).toEqual(['double_credit count==0'])
    expect(missed({ ...good, push_gap: { count: 1 } })).toEqual(['push_gap count==0'])
    expect(missed({ ...good, evt_not_taken: { count: 1 } })).toEqual(['evt_not_taken count==0'])
    expect(missed({ ...good, dropped_iterations: { count: 1 } })).toEqual([
      'dropped_iterations count==0',
    ])
    expect(missed({ ...good, arrived_late: { count: 1 } })).toEqual(['arrived_late count==0'])
    expect(missed({ ...good, evt_ack_ms: { 'p(95)': 100, 'p(99)': 250 } })).toEqual([
      'evt_ack_ms p(95)<100',
      'evt_ack_ms p(99)<250',
    ])
    expect(missed({ ...good, sio_connect_ms: { 'p(95)': 500 } })).toEqual([
      'sio_connect_ms p(95)<500',
    ])
  })

  it('what was never measured is not met, except counts of what must not happen', () => {
    expect(missed({})).toEqual([
      'evt_acked rate>0.999',
      'evt_ack_ms p(95)<100',
      'evt_ack_ms p(99)<250',
      'sio_connect_ms p(95)<500',
    ])
  })

  it('short forms show times and judge what is right', () => {
    const slow = { ...good, evt_ack_ms: { 'p(95)': 9999, 'p(99)': 9999 } }
    expect(missed(slow, 'short')).toEqual([])
    expect(missed({ ...slow, double_credit: { count: 1 } }, 'short')).toEqual([
      'double_credit count==0',
    ])
  })

  it('every scenario is held to all of them; a storm may take longer, never be wrong', () => {
    for (const { name } of SCENARIOS) {
      const own = thresholdsOf(name)
      expect(own.map(({ metric, stat }) => `${metric} ${stat}`)).toEqual(
        THRESHOLDS.map(({ metric, stat }) => `${metric} ${stat}`),
      )
      for (const [i, one] of own.entries())
        if (one.kind === 'right') expect(one).toEqual(THRESHOLDS[i])
    }
    expect(thresholdsOf('reconnect-storm').map(titleOf)).toContain('sio_connect_ms p(95)<2000')
  })

  it('can be given on the command line as k6 writes them, and nothing else can', () => {
    for (const threshold of THRESHOLDS) {
      const read = parseThreshold(titleOf(threshold))
      expect(read && expressionOf(read)).toBe(expressionOf(threshold))
    }
    // Judged also in a short form, because somebody asked for it.
    expect(parseThreshold('evt_ack_ms p(95)<0.5')).toMatchObject({ kind: 'right', value: 0.5 })
    for (const wrong of [
      '',
      'evt_ack_ms',
      'evt_ack_ms rate>1',
      'evt_acked p(95)<1',
      'nothing count==0',
      'toString count==0',
      'push_gap count=0',
    ])
      expect(parseThreshold(wrong)).toBeUndefined()
  })
})

describe('measuring', () => {
  it('percentiles lie between neighbours', () => {
    expect(percentile([], 0.95)).toBe(0)
    expect(percentile([7], 0.99)).toBe(7)
    expect(percentile([0, 10], 0.5)).toBe(5)
    expect(percentile([...Array(101).keys()], 0.95)).toBe(95)
  })

  it('collects each kind of metric in its own way', () => {
    const { meter, measured } = createMeter()
    for (const ms of [30, 10, 20]) meter('evt_ack_ms', ms)
    for (const hit of [1, 1, 1, 0]) meter('evt_acked', hit)
    meter('push_gap', 2)
    meter('push_gap', 3)
    expect(measured()).toEqual({
      evt_ack_ms: {
        'p(95)': percentile([10, 20, 30], 0.95),
        'p(99)': percentile([10, 20, 30], 0.99),
      },
      evt_acked: { rate: 0.75 },
      push_gap: { count: 5 },
    })
    expect(Object.keys(METRICS)).toEqual(expect.arrayContaining(Object.keys(measured())))
  })
})
