/** What a run found, as one object, and as text for people. */

import { availableParallelism } from 'node:os'
import type { Comparison, Difference } from '../audit/compare.ts'
import type { CpuShare } from '../processes/cpu.ts'
import { type Plan, planMs } from '../scenarios/plan.ts'
import { MEANS, type MetricName } from '../slo/metrics.ts'
import { titleOf, type Verdict } from '../slo/thresholds.ts'

export interface Report {
  scenario: string
  form: string
  runner: string
  viewers: number
  seconds: number
  cores: number
  thresholds: {
    title: string
    metric: MetricName
    value: number | null
    met: boolean
    judged: boolean
  }[]
  /** Titles of the judged ones that were not met. */
  missed: string[]
  cpu: { name: string; share: number | null }[]
  /** Null where the service's data folder is not known. */
  audit: Comparison | null
}

export interface ReportParts {
  plan: Plan
  runner: string
  verdicts: readonly Verdict[]
  cpu: readonly CpuShare[]
  audit: Comparison | undefined
}

export function makeReport({ plan, runner, verdicts, cpu, audit }: ReportParts): Report {
  const thresholds = verdicts.map(({ threshold, value, met, judged }) => ({
    title: titleOf(threshold),
    metric: threshold.metric,
    value: value ?? null,
    met,
    judged,
  }))
  return {
    scenario: plan.name,
    form: plan.form,
    runner,
    viewers: plan.viewers,
    seconds: planMs(plan) / 1000,
    cores: availableParallelism(),
    thresholds,
    missed: thresholds.filter(({ met, judged }) => judged && !met).map(({ title }) => title),
    cpu: cpu.map(({ name, share }) => ({ name, share: share ?? null })),
    audit: audit ?? null,
  }
}

/** As for k6: thresholds missed. */
const EXIT_MISSED = 99
/** The audit found a difference: worse than being slow. */
const EXIT_DIFFERENT = 98

export function exitCodeOf({ audit, missed }: Report): number {
  if (audit && audit.differences.length > 0) return EXIT_DIFFERENT
  return missed.length > 0 ? EXIT_MISSED : 0
}

const DIFFERENCES_SHOWN = 20

const number = (value: number): string => String(Math.round(value * 1000) / 1000)
const percent = (share: number | null): string =>
  share === null ? 'unknown' : `${Math.round(share * 100)} %`

function thresholdLine({ title, value, met, judged }: Report['thresholds'][number]): string {
  const state = met ? 'met' : judged ? 'MISSED' : 'not met'
  const shown = judged ? '' : ', shown only'
  return `  ${title.padEnd(34)}${(value === null ? 'nothing' : number(value)).padStart(10)}  ${state}${shown}`
}

const differenceLine = ({ kind, id, detail }: Difference): string =>
  `  ${kind} ${id}${detail === undefined ? '' : `: ${detail}`}`

function auditLines(audit: Comparison | null): string[] {
  if (!audit)
    return ['audit: not run, for the data folder of the service is not known (--data DIR)']
  const { acknowledged, credited, differences, open, points } = audit
  const lines = [
    `audit: ${acknowledged} commands acknowledged, ${open} unanswered, ${credited} in the journal, ${points} points`,
    ...differences.slice(0, DIFFERENCES_SHOWN).map(differenceLine),
  ]
  if (differences.length > DIFFERENCES_SHOWN)
    lines.push(`  and ${differences.length - DIFFERENCES_SHOWN} more`)
  lines.push(differences.length === 0 ? '  no difference' : `  ${differences.length} DIFFERENCES`)
  return lines
}

/** The last words: what became of the run, and where to look. */
function verdictLines(report: Report): string[] {
  const missed = report.thresholds.filter(({ met, judged }) => judged && !met)
  const found = report.audit?.differences.length ?? 0
  if (missed.length === 0 && found === 0) return ['result: good']
  return [
    'result: FAILED',
    ...missed.map(({ title, metric }) => `  ${title}: ${MEANS[metric]}`),
    ...(found > 0
      ? ['  audit: points and what viewers were told differ: a fault of the service']
      : []),
  ]
}

export function renderReport(report: Report): string {
  const { scenario, form, runner, viewers, seconds, cores, cpu } = report
  return [
    `${scenario}, ${form} form, ${viewers} viewers, ${seconds} s, played by ${runner}`,
    '',
    'thresholds',
    ...report.thresholds.map(thresholdLine),
    '',
    'processor time, of one core',
    ...cpu.map(({ name, share }) => `  ${name.padEnd(34)}${percent(share).padStart(10)}`),
    ...(cpu.length > 1
      ? [
          `  Load and service share ${cores} cores of this machine: where they add up to most of them, times say how`,
          '  long things wait for a core, and not what the service needs alone.',
        ]
      : []),
    '',
    ...auditLines(report.audit),
    '',
    ...verdictLines(report),
  ].join('\n')
}
