/** Who earned most in this live, and where the viewer stands. */

import type { BoardLine } from '../../shared/room-state.ts'
import { formatPoints } from '../ui/lang.ts'
import { TierBadge } from '../ui/tier-badge.tsx'
import type { SheetView } from './sheet-view.ts'

interface Place extends BoardLine {
  /** Undefined below the places that are shown. */
  rank?: number
}

/** The room's board is a pulse or more behind what the viewer earned; the own place is by what the viewer has. */
function placesOf(lines: readonly BoardLine[], own: BoardLine | undefined): Place[] {
  const ranked = (all: readonly BoardLine[]) => all.map((line, i) => ({ ...line, rank: i + 1 }))
  if (!own) return ranked(lines)
  const told = lines.find(({ handle }) => handle === own.handle)
  if (told && told.points >= own.points) return ranked(lines)
  const others = lines.filter((line) => line !== told)
  const at = others.findIndex(({ points }) => points < own.points)
  if (at < 0) return [...ranked(others), own]
  return ranked([...others.slice(0, at), own, ...others.slice(at)])
}

export function Board({ view: { model, s, week } }: { view: SheetView }) {
  const Week = week.value
  const { room, me, account } = model.state.value
  const own = account && {
    handle: me?.handle ?? '',
    name: s.you,
    rung: account.tier.rung,
    points: account.live.points,
  }
  const lines = room?.board ?? []
  return (
    <>
      <p class="sum">{s.boardTitle}</p>
      {lines.length === 0 && <p class="sum">{s.noBoard}</p>}
      <ol>
        {placesOf(lines, own).map(({ handle, name, rung, points, rank }) => (
          <li class={`rank${handle === own?.handle ? ' me' : ''}`} key={handle}>
            <span class="p ff-n">{rank ?? '–'}</span>
            <TierBadge rung={rung} />
            <span class="ff-cut" dir="auto">
              {name}
            </span>
            <span class="ff-n">{formatPoints(points)}</span>
          </li>
        ))}
      </ol>
      {Week && <Week />}
    </>
  )
}
