/** The report says what was found, and the exit code follows from it. */

import { describe, expect, it } from 'vitest'
import type { Comparison, Difference } from '../audit/compare.ts'
import { type Form, planOf } from '../scenarios/index.ts'
import { judge, parseThreshold, thresholdsOf } from '../slo/thresholds.ts'
import { exitCodeOf, makeReport, renderReport } from './report.ts'

const agreed: Comparison = {
  viewers: 100,
  acknowledged: 50,
  open: 0,
  credited: 50,
  points: 70,
  differences: [],
}
const lost: Difference = { kind: 'not_credited', id: 'a:1:2' }

function planFor(name: string, form: Form) {
  const plan = planOf(name, form, { viewers: 3 })
  if (!plan) throw new Error(`no ${name}`)
  return plan
}

function report({ audit = agreed as Comparison | undefined, require = '' } = {}) {
  const plan = planFor('steady-room', 'short')
  const extra = parseThreshold(require)
  const thresholds = [...thresholdsOf('steady-room'), ...(extra ? [extra] : [])]
  return makeReport({
    plan,
    runner: 'node',
    verdicts: judge(
      { evt_acked: { rate: 1 }, evt_ack_ms: { 'p(95)': 150, 'p(99)': 200 } },
      thresholds,
      plan.form,
    ),
    cpu: [
      { name: 'gateway', share: 0.257 },
      { name: 'k6', share: undefined },
    ],
    audit,
  })
}

describe('the report', () => {
  it('a good run ends with 0, also where a time is shown that would be missed', () => {
    const good = report()
    expect(exitCodeOf(good)).toBe(0)
    const text = renderReport(good)
    expect(text).toMatch(/evt_acked rate>0\.999 +1 {2}met$/m)
    expect(text).toMatch(/evt_ack_ms p\(95\)<100 +150 {2}not met, shown only$/m)
    expect(text).toMatch(/sio_connect_ms p\(95\)<500 +nothing {2}not met, shown only$/m)
    expect(text).toMatch(/gateway +26 %$/m)
    expect(text).toMatch(/k6 +unknown$/m)
    expect(text).toContain('  no difference')
    expect(text.split('\n').at(-1)).toBe('result: good')
  })

  it('a threshold that cannot be met ends with 99', () => {
    const missed = report({ require: 'evt_ack_ms p(95)<0' })
    expect(missed.missed).toEqual(['evt_ack_ms p(95)<0'])
    expect(exitCodeOf(missed)).toBe(99)
    expect(renderReport(missed)).toMatch(/evt_ack_ms p\(95\)<0 +150 {2}MISSED$/m)
    expect(renderReport(missed)).toMatch(
      /^result: FAILED\n {2}evt_ack_ms p\(95\)<0: answers were late/m,
    )
  })

  it('a difference ends with 98, which weighs more than a threshold', () => {
    const different = report({
      audit: { ...agreed, differences: [lost] },
      require: 'evt_ack_ms p(95)<0',
    })
    expect(exitCodeOf(different)).toBe(98)
    expect(renderReport(different)).toContain('  not_credited a:1:2\n  1 DIFFERENCES')
    expect(renderReport(different)).toContain('  audit: points and what viewers were told differ')
  })

  it('shows some of many differences and counts all', () => {
    const differences = Array.from({ length: 50 }, (_, i) => ({ ...lost, id: `a:1:${i}` }))
    const text = renderReport(report({ audit: { ...agreed, differences } }))
    expect(text).toContain('  and 30 more\n  50 DIFFERENCES')
  })

  it('says by name that the audit was not run', () => {
    const unknown = makeReport({
      plan: planFor('like-burst', 'long'),
      runner: 'k6',
      verdicts: [],
      cpu: [],
      audit: undefined,
    })
    expect(renderReport(unknown)).toContain('audit: not run')
    expect(unknown).toMatchObject({ audit: null, viewers: 3, seconds: 120 })
  })
})
