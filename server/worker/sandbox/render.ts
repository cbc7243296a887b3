/** A dry run's report as a terminal shows it. */

import type { DryRunReport, DrySums } from '../../../shared/dry-run.ts'

const POINTS_PER_YUAN = 100
const FEN_PER_YUAN = 100
const NAME_WIDTH = 26
const WIDTH = 14

type Counts = ReadonlyMap<string, number>

const number = (n: number): string => n.toLocaleString('en-US')
const yuan = (points: number): string => `¥${(points / POINTS_PER_YUAN).toFixed(2)}`

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(WIDTH)).join('')
}

export function renderReport(report: DryRunReport): string {
  const { proof, told, tried, people } = report
  const rows = (name: string, of: (sums: DrySums) => number) => {
    if (!tried) return row(name, number(of(told)))
    const difference = of(tried) - of(told)
    const sign = difference > 0 ? '+' : ''
    return row(name, number(of(told)), number(of(tried)), `${sign}${number(difference)}`)
  }
  const named = (heading: string, countsOf: (sums: DrySums) => Counts) => {
    const names = new Set(
      [told, ...(tried ? [tried] : [])].flatMap((sums) => [...countsOf(sums).keys()]),
    )
    if (names.size === 0) return []
    const lines = [...names].map((name) =>
      rows(`  ${name}`, (sums) => countsOf(sums).get(name) ?? 0),
    )
    return ['', heading, ...lines]
  }
  const same = proof.sameEntries === proof.entries && proof.sameBalances === proof.balances
  return [
    `The ledger was made again: ${number(proof.sameEntries)} of ${number(proof.entries)} entries and ${number(proof.sameBalances)} of ${number(proof.balances)} balances are the same.`,
    ...proof.differences.map((text) => `  ${text}`),
    ...(same ? [] : ['What follows is not to be relied upon.']),
    `${number(report.entries)} entries of the period, ${number(report.before)} other ones, ${number(report.accounts)} accounts, versions ${report.versions.join(', ') || 'none'}, ${(report.tookMs / 1000).toFixed(1)} s.`,
    '',
    row('', 'as it was', ...(tried ? ['tried', 'difference'] : [])),
    rows('points', ({ points }) => points),
    row(
      'cost',
      yuan(told.points),
      ...(tried ? [yuan(tried.points), yuan(tried.points - told.points)] : []),
    ),
    ...(report.salesFen > 0 ? [row('of sales', ...shares(report))] : []),
    rows('growth', ({ growth }) => growth),
    ...named('points by rule', (s) => new Map(s.byRule.map((one) => [one.rule, one.points]))),
    ...named(
      'points by tier',
      (s) => new Map(s.byTier.map((one) => [`rung ${one.rung}`, one.points])),
    ),
    ...named('caps', (s) => new Map(s.caps.map((one) => [one.reason, one.times]))),
    ...named(
      'level-ups',
      (s) => new Map(s.levelUps.map((one) => [`to rung ${one.rung}`, one.times])),
    ),
    ...(people ? peopleLines(people) : []),
    ...(tried && report.ambiguousHeat > 0
      ? [
          '',
          `The heat of ${number(report.ambiguousHeat)} entries fits several levels; what other factors make of them is a guess.`,
        ]
      : []),
    '',
    'Nothing was changed.',
  ].join('\n')
}

const shares = ({ told, tried, salesFen }: DryRunReport): string[] =>
  [told, ...(tried ? [tried] : [])].map(
    ({ points }) => `${((100 * points * FEN_PER_YUAN) / POINTS_PER_YUAN / salesFen).toFixed(2)} %`,
  )

function peopleLines(people: NonNullable<DryRunReport['people']>): string[] {
  const listed = (all: typeof people.most) =>
    all.map(({ account, told, tried }) =>
      row(
        `  ${account}`,
        number(told),
        number(tried),
        `${tried > told ? '+' : ''}${number(tried - told)}`,
      ),
    )
  return [
    '',
    `accounts: ${number(people.gain)} gain, ${number(people.lose)} lose, ${number(people.same)} stay the same`,
    ...listed(people.most),
    ...listed(people.least),
    ...(people.short.points > 0
      ? [
          `${number(people.short.accounts)} accounts spent ${number(people.short.points)} points that they would not have had.`,
        ]
      : []),
  ]
}
