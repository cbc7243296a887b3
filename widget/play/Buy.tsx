/** The button that spends points: the first tap says what it costs, the second does it. */

import { Icon } from '../overlay/icons.tsx'
import { balanceOf } from '../overlay/model.ts'
import { formatPoints } from '../ui/lang.ts'
import type { Want } from './play.ts'
import type { PlayView } from './play-view.ts'

interface BuyProps {
  view: PlayView
  /** Where the button is; what the tap came to is told there. */
  place: string
  points: number
  want: Want
  /** Beside the price; empty where the price says all. */
  words: string
  disabled?: boolean
}

export function Buy({ view, place, points, want, words, disabled = false }: BuyProps) {
  const { p: t, play, model } = view
  const { status } = model.state.value
  const asking = play.asking.value.has(place)
  const armed = play.armed.value === place
  const have = balanceOf(model.state.value) ?? 0
  const off = disabled || asking || status.phase !== 'online' || have < points
  return (
    <button
      type="button"
      class={`ff-btn sm ff-hit${armed ? ' pri' : ''}`}
      disabled={off}
      onClick={() => play.tap(place, want)}
    >
      {asking ? (
        <>
          <i class="turn" />
          {t.asking}
        </>
      ) : armed ? (
        t.sure(t.points(points))
      ) : (
        <>
          {words && <span>{words}</span>}
          <span class="cost ff-n">
            <Icon name="bi" />
            {formatPoints(points)}
          </span>
        </>
      )}
    </button>
  )
}

/** What costs nothing is done with one tap. */
export function Free({ view, place, want, words }: Omit<BuyProps, 'points' | 'disabled'>) {
  const { play, model } = view
  const asking = play.asking.value.has(place)
  const online = model.state.value.status.phase === 'online'
  return (
    <button
      type="button"
      class="ff-btn pri sm ff-hit"
      disabled={asking || !online}
      onClick={() => play.tap(place, want, true)}
    >
      {words}
    </button>
  )
}

/** What the last tap came to; `quiet` where success shows by itself. */
export function Outcome({
  view: { p: t, play },
  place,
  quiet = false,
}: {
  view: PlayView
  place: string
  quiet?: boolean
}) {
  const told = play.told.value[place]
  if (!told || (told.ok && quiet)) return null
  return told.ok ? (
    <p class="end ok" role="status">
      {t.done}
    </p>
  ) : (
    <p class="end bad" role="status">
      {t.refused[told.code] ?? t.refusedOther}
    </p>
  )
}
