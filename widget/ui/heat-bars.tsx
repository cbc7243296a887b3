/** Bars that rise, as many lit as the level; always beside the numeral. */

const HEIGHTS = [32, 49, 66, 83, 100]

export function HeatBars({ level }: { level: number }) {
  return (
    <span
      class="ff-heat"
      style={{ color: `var(--ff-heat-${Math.min(5, level)})` }}
      aria-hidden="true"
    >
      {HEIGHTS.map((height, i) => (
        // A cold room shows its first bar, faintly.
        <i
          class={i < level ? 'lit' : i ? undefined : 'lit faint'}
          style={{ height: `${height}%` }}
        />
      ))}
    </span>
  )
}
