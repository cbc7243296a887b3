/** Broadcasts that wait for the host: one word shows them, the other gives the points back. */

import { formatLeft, formatPoints, TierBadge } from '../ui/index.ts'
import { useConsole } from './console.ts'

export function Asks() {
  const { model, t } = useConsole()
  const { games } = model
  const asks = games.asks.value
  if (asks.length === 0) return null
  return (
    <div class="ff-card asks">
      <h2 class="ff-h">
        <span>{t.asks}</span>
        <span class="ff-chip ff-n">{asks.length}</span>
      </h2>
      <ul>
        {asks.map((ask) => (
          <li key={`${ask.handle}:${ask.id}`}>
            <div class="m">
              <p class="text" dir="auto">
                {ask.text}
              </p>
              <small class="ff-quiet">
                <TierBadge rung={ask.rung} /> <bdi>{ask.name || t.noName}</bdi> ·{' '}
                <span class="ff-n">{t.points(formatPoints(ask.points))}</span> ·{' '}
                <span class="ff-n">{formatLeft(Math.max(0, ask.untilMs - model.nowMs.value))}</span>
              </small>
            </div>
            <button
              type="button"
              class="ff-btn sm ff-hit"
              onClick={() => games.decide(ask, 'reject')}
            >
              {t.reject}
            </button>
            <button
              type="button"
              class="ff-btn pri sm ff-hit"
              disabled={model.safe.value}
              onClick={() => games.decide(ask, 'approve')}
            >
              {t.approve}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
