/** How hot the room is and what that pays: bars, numeral and multiplier. */

import { headlineOf } from '../ui/heat.ts'
import { HeatBars } from '../ui/heat-bars.tsx'
import { formatFactor } from '../ui/lang.ts'
import type { View } from './view.ts'

export function HeatChip({ view: { model, t } }: { view: View }) {
  const { room } = model.state.value
  if (!room) return <span />
  const { level } = room.heat
  const factor = formatFactor(headlineOf(room.heat).factor)
  return (
    <div class="heatchip ff-glass" role="img" aria-label={t.heatName(level, factor)}>
      <HeatBars level={level} />
      <span>
        <span class="word">{t.heat} </span>Lv.{level}
      </span>
      <b class="ff-n">{factor}</b>
    </div>
  )
}
