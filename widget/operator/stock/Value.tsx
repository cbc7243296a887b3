/** What a point brings in a reward, and a warning where that is far from its face value. */

import type { RewardValue } from '../../../shared/rewards.ts'
import { useDesk } from '../desk.ts'
import { ratio } from './prices.ts'
import { WORDS } from './words.ts'

/** A chip in a table. */
export function ValueChip({ value: { ratioMilli, warning } }: { value: RewardValue }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const why = warning === 'low' ? w.valueLow : warning === 'high' ? w.valueHigh : w.par
  return (
    <span class={warning ? 'ff-chip ff-n warn' : 'ff-n val'} title={why}>
      {ratio(ratioMilli)}×{warning && <span class="ff-sr"> {why}</span>}
    </span>
  )
}

/** A sentence in a form. */
export function ValueLine({ value: { ratioMilli, warning } }: { value: RewardValue }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const why = warning === 'low' ? w.valueLow : warning === 'high' ? w.valueHigh : w.valueFine
  return (
    <p class={`note ${warning ? 'w' : 'k'}`} role="status">
      <span>
        <b class="ff-n">{w.worth(ratio(ratioMilli))}</b> · {why}
      </span>
    </p>
  )
}
