/** One chart of uPlot that is as wide as its place, drawn anew where the theme or the data change. */

import { useEffect, useRef } from 'preact/hooks'
import UPlot from 'uplot'
import { useDesk } from '../desk.ts'

/** A colour by its token. */
export type Ink = (token: string) => string

export interface ChartProps {
  /** What somebody who does not see it should know. */
  label: string
  /** Seconds, then one list for each line. */
  data: UPlot.AlignedData
  /** All but the size; asked again when the colours change. */
  options: (ink: Ink) => Omit<UPlot.Options, 'width' | 'height'>
}

const HEIGHT_PX = 220

export function Chart({ label, data, options }: ChartProps) {
  const { theme } = useDesk()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const at = place.current
    if (!at) return
    const style = getComputedStyle(document.documentElement)
    const ink: Ink = (token) => style.getPropertyValue(token).trim()
    const sizeOf = () => ({ width: at.clientWidth, height: HEIGHT_PX })
    const plot = new UPlot({ ...options(ink), ...sizeOf() }, data, at)
    const watch = new ResizeObserver(() => plot.setSize(sizeOf()))
    watch.observe(at)
    return () => {
      watch.disconnect()
      plot.destroy()
    }
  }, [theme, data, label])
  return <div class="plot" role="img" aria-label={label} ref={place} />
}

/** Axes in the colours of the page; `values` are the texts of the upright one. */
export function axesOf(ink: Ink, values: (value: number) => string): UPlot.Axis[] {
  const font = `12px ${ink('--ff-font') || 'sans-serif'}`
  const common = {
    stroke: ink('--ff-fg-3'),
    font,
    grid: { stroke: ink('--ff-line'), width: 1 },
    ticks: { show: false },
  }
  return [
    {
      ...common,
      grid: { show: false },
      values: (_, all) => all.map((sec) => monthDay(sec)),
      space: 56,
    },
    { ...common, values: (_, all) => all.map(values), size: 58 },
  ]
}

/** `11-30`. The days are those of the platform, told as UTC. */
const monthDay = (sec: number): string => new Date(sec * 1000).toISOString().slice(5, 10)
