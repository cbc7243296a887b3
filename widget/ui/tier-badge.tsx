/** A tier's badge: colour and chevrons count together, so neither is needed alone. */

const coin = (width: number, ...tops: number[]) => (
  <>
    <circle cx="12" cy="12" r="11" fill="currentColor" />
    <path
      d={tops.map((y) => `M7.8 ${y + 3.6}L12 ${y}l4.2 3.6`).join('')}
      fill="none"
      stroke="var(--ff-tier-ink)"
      stroke-width={width}
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </>
)

const BADGES = [
  <circle key="0" cx="12" cy="12" r="8.5" fill="none" stroke="currentColor" stroke-width="2.5" />,
  coin(2.1, 10.3),
  coin(2.1, 8.2, 12.4),
  coin(1.7, 6.1, 10.3, 14.5),
  <>
    <path
      d="M12 .8 23.2 12 12 23.2.8 12z"
      fill="var(--ff-tier-4-stone)"
      stroke="#e9f3f8"
      stroke-width="1.6"
      stroke-linejoin="round"
    />
    <path
      d="M12 5.2 18.8 12 12 18.8 5.2 12z"
      fill="none"
      stroke="#9fd4ff"
      stroke-width="1.3"
      stroke-linejoin="round"
    />
    <path d="M12 5.2v13.6M5.2 12h13.6" stroke="#9fd4ff" stroke-width=".7" />
  </>,
]

/** `rung` counts from 0; ladders longer than the five badges show the highest from there on. */
export function TierBadge({ rung }: { rung: number }) {
  const shown = Math.min(BADGES.length - 1, Math.max(0, rung))
  return (
    <svg class="ff-tier" data-tier={shown} viewBox="0 0 24 24" aria-hidden="true">
      {BADGES[shown]}
    </svg>
  )
}
