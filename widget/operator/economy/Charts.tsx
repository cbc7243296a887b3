/** The two curves of the economy: what is given and used, and how fast the points grow. */

import { useMemo } from 'preact/hooks'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { DAY_MS } from '../../../shared/time.ts'
import { useDesk } from '../desk.ts'
import { axesOf, Chart, type Ink } from './Chart.tsx'
import { type Day, type Economy, percent } from './read.ts'
import { WORDS } from './words.ts'

const secOf = ({ date }: Day): number => Date.parse(`${date}T00:00:00Z`) / 1000
const sum = (of: Record<string, number>): number =>
  Object.values(of).reduce((total, n) => total + n, 0)
const utc = (sec: number): Date => UPlot.tzDate(new Date(sec * 1000), 'UTC')

/** `120k`, as long numbers do not fit beside a curve. */
const short = (n: number): string =>
  new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(n)

const { bars } = UPlot.paths

/** The newest value of each line stands above the chart, so that no curve is told by its colour alone. */
const Key = ({ ink, name, value }: { ink: string; name: string; value: string }) => (
  <span class={`key ${ink}`}>
    <i />
    {name} <b class="ff-n">{value}</b>
  </span>
)

/** Half a day at both ends, so that bars are whole. */
const HALF_DAY_SEC = DAY_MS / 2000
const x: UPlot.Scale = {
  range: (_, min, max) => [min - HALF_DAY_SEC, max + HALF_DAY_SEC],
}

const PLAIN = {
  legend: { show: false },
  cursor: { show: false },
  tzDate: utc,
} as const

export function IssuedSpent({ days }: { days: readonly Day[] }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const data = useMemo<UPlot.AlignedData>(
    () => [days.map(secOf), days.map((day) => sum(day.issued)), days.map((day) => sum(day.spent))],
    [days],
  )
  const [, issued = [], spent = []] = data
  const last = (line: ArrayLike<number | null | undefined>) => short(line[line.length - 1] ?? 0)
  const options = (ink: Ink) => ({
    ...PLAIN,
    scales: {
      x,
      y: { range: (_: UPlot, _min: number, max: number): [number, number] => [0, max * 1.1 || 1] },
    },
    axes: axesOf(ink, short),
    series: [
      {},
      {
        stroke: ink('--ff-accent'),
        fill: ink('--ff-accent-soft'),
        ...(bars && { paths: bars({ size: [0.7, 28] }) }),
        points: { show: false },
      },
      { stroke: ink('--ff-warn'), width: 2, points: { show: days.length < 32, size: 5 } },
    ],
  })
  return (
    <section class="ff-card" aria-label={w.issuedSpent}>
      <h2 class="ff-h">
        {w.issuedSpent}
        <span class="keys">
          <Key ink="a" name={w.issued} value={last(issued)} />
          <Key ink="w" name={w.spent} value={last(spent)} />
        </span>
      </h2>
      <Chart label={`${w.issuedSpent}, ${w.chartOf(days.length)}`} data={data} options={options} />
    </section>
  )
}

/** Room above the highest of curve and alarm line. */
const HEADROOM = 1.15

export function Growth({ economy: { days, thresholds } }: { economy: Economy }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { warn, critical } = thresholds
  const data = useMemo<UPlot.AlignedData>(
    () => [
      days.map(secOf),
      days.map(({ verdict }) => verdict.inflation.stock ?? null),
      days.map(({ verdict }) => verdict.inflation.perCapita ?? null),
      days.map(() => warn),
      days.map(() => critical),
    ],
    [days, warn, critical],
  )
  const dashed = (stroke: string) => ({ stroke, width: 1.5, dash: [5, 4], points: { show: false } })
  const options = (ink: Ink) => ({
    ...PLAIN,
    scales: {
      x,
      y: {
        range: (_: UPlot, min: number, max: number): [number, number] => [
          Math.min(0, min),
          Math.max(critical, max) * HEADROOM,
        ],
      },
    },
    axes: axesOf(ink, percent),
    series: [
      {},
      { stroke: ink('--ff-accent'), width: 2.5, points: { show: days.length < 32, size: 5 } },
      { stroke: ink('--ff-fg-3'), width: 2, points: { show: false } },
      dashed(ink('--ff-warn')),
      dashed(ink('--ff-danger')),
    ],
  })
  const latest = days.at(-1)?.verdict.inflation
  const text = (value: number | undefined) => (value === undefined ? w.unknown : percent(value))
  return (
    <section class="ff-card" aria-label={w.growth}>
      <h2 class="ff-h">
        {w.growth}
        <span class="keys">
          <Key ink="a" name={w.inflations.stock} value={text(latest?.stock)} />
          <Key ink="f" name={w.inflations.perCapita} value={text(latest?.perCapita)} />
          <Key ink="w dash" name={w.warnLine} value={percent(warn)} />
          <Key ink="d dash" name={w.alarmLine} value={percent(critical)} />
        </span>
      </h2>
      <Chart label={`${w.growth}, ${w.chartOf(days.length)}`} data={data} options={options} />
    </section>
  )
}
