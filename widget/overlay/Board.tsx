/** Who earned most in this live, and where the viewer stands. */

import { formatPoints } from '../ui/lang.ts'
import { TierBadge } from '../ui/tier-badge.tsx'
import type { SheetView } from './sheet-view.ts'

export function Board({ view: { model, s, week } }: { view: SheetView }) {
  const Week = week.value
  const { room, me, account } = model.state.value
  const lines = room?.board ?? []
  const mine = lines.some(({ handle }) => handle === me?.handle)
  return (
    <>
      <p class="sum">{s.boardTitle}</p>
      {lines.length === 0 && <p class="sum">{s.noBoard}</p>}
      <ol>
        {lines.map(({ handle, name, rung, points }, i) => (
          <li class={`rank${handle === me?.handle ? ' me' : ''}`} key={handle}>
            <span class="p ff-n">{i + 1}</span>
            <TierBadge rung={rung} />
            <span class="ff-cut" dir="auto">
              {name}
            </span>
            <span class="ff-n">{formatPoints(points)}</span>
          </li>
        ))}
        {!mine && account && (
          <li class="rank me">
            <span class="p">–</span>
            <TierBadge rung={account.tier.rung} />
            <span class="ff-cut">{s.you}</span>
            <span class="ff-n">{formatPoints(account.live.points)}</span>
          </li>
        )}
      </ol>
      {Week && <Week />}
    </>
  )
}
