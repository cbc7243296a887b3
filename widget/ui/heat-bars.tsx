/** Bars that rise, as many lit as the level; always beside the numeral. */

export function HeatBars({ level }: { level: number }) {
  return (
    <span class="ff-heat" data-heat={Math.min(5, level)} aria-hidden="true">
      <i />
      <i />
      <i />
      <i />
      <i />
    </span>
  )
}
