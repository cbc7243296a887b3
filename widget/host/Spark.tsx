/** The heat of the last fifteen minutes as a line, coloured by the level it had. */

import { useId } from 'preact/hooks'
import type { HeatPoint } from './history.ts'

const W = 260
const H = 84
/** Room for the labels at the right end. */
const LABEL_W = 28

interface SparkProps {
  points: readonly HeatPoint[]
  /** Heat at which the next level begins; drawn as a line with its name. */
  next?: number | undefined
  /** Without labels, for the strip of a phone. */
  slim?: boolean
  label?: string
}

export function Spark({ points, next, slim, label }: SparkProps) {
  const id = useId()
  const first = points[0]
  const last = points.at(-1)
  const width = slim ? W : W - LABEL_W
  const top = Math.max(1, ...points.map((p) => p.value), slim ? 0 : (next ?? 0)) * 1.12
  const spanMs = first && last ? Math.max(1, last.atMs - first.atMs) : 1
  const x = (p: HeatPoint) => (first ? ((p.atMs - first.atMs) / spanMs) * width : 0)
  const y = (value: number) => H - 3 - (value / top) * (H - 8)
  const path = points.map((p, i) => `${i ? 'L' : 'M'}${x(p).toFixed(1)} ${y(p.value).toFixed(1)}`)
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it has a label or is hidden; a title would pop up under the mouse.
    <svg
      class="spark"
      viewBox={`0 0 ${W} ${H}`}
      {...(slim ? { preserveAspectRatio: 'none' } : {})}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' })}
    >
      <defs>
        <linearGradient id={id} gradientUnits="userSpaceOnUse" x1="0" y1="0" x2={width} y2="0">
          {turns(points).map((p) => (
            <stop
              key={p.atMs}
              offset={(x(p) / width).toFixed(3)}
              stop-color={`var(--ff-heat-${Math.min(5, p.level)})`}
            />
          ))}
        </linearGradient>
      </defs>
      {!slim && next !== undefined && (
        <>
          <path class="g" d={`M0 ${y(next).toFixed(1)}H${width}`} />
          <text x={width + 4} y={(y(next) + 4).toFixed(1)}>
            Lv.{(last?.level ?? 0) + 1}
          </text>
        </>
      )}
      {points.length > 1 && (
        <path
          d={path.join('')}
          fill="none"
          stroke={`url(#${id})`}
          stroke-width={slim ? 2 : 2.5}
          stroke-linejoin="round"
          stroke-linecap="round"
          vector-effect="non-scaling-stroke"
        />
      )}
      {!slim && last && points.length > 1 && (
        <circle
          cx={x(last)}
          cy={y(last.value)}
          r="4"
          fill={`var(--ff-heat-${Math.min(5, last.level)})`}
        />
      )}
    </svg>
  )
}

/** The first, the last and every point at which the level changes: all that a gradient needs. */
const turns = (points: readonly HeatPoint[]) =>
  points.filter(
    (p, i) =>
      i === 0 ||
      i === points.length - 1 ||
      p.level !== points[i - 1]?.level ||
      p.level !== points[i + 1]?.level,
  )
