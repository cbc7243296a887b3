/** The burn week: how many points expire and when, and what they can still buy. */

import { purseOf } from '../../shared/account-state.ts'
import type { SheetView } from '../overlay/sheet-view.ts'
import { Shape } from '../ui/icons.tsx'
import { formatPoints } from '../ui/lang.ts'
import { x } from '../ui/shapes.ts'
import { momentOf } from './moments.ts'
import { burnable } from './offer.ts'

/** What expires, until when, and how many rewards of the week can be taken with what there is. */
function factsOf({ r: t, lang, shop, model }: SheetView) {
  const week = shop.burnWeek.value
  if (!week || week.points === 0) return undefined
  const { account } = model.state.value
  const nowMs = shop.nowMs.value
  const open = account ? burnable(shop.rewards.value ?? [], purseOf(account), nowMs) : []
  // The last minute before midnight: nobody takes the first of December for the last of November.
  const until = momentOf(week.closesAtMs - 1, nowMs, lang)
  return { expires: t.expires(formatPoints(week.points), until), open, week }
}

/** On the shelf, as long as the week runs. */
export function BurnNote({ view }: { view: SheetView }) {
  const facts = factsOf(view)
  if (!facts) return null
  const { r: t } = view
  return (
    <p class="burn">
      <b>{t.burnWeek}</b>
      <span>{facts.expires}</span>
      <span>{facts.open.length > 0 ? t.burnOpen(facts.open.length) : t.burnNone}</span>
    </p>
  )
}

/** Over the picture, once a day, while the sheet is closed. */
export function Burn({ view }: { view: SheetView }) {
  const { r: t, shop, model, panel } = view
  const facts = shop.burnTold.value ? factsOf(view) : undefined
  const busy = panel.value || model.paid.value || shop.ending.value
  if (!facts || busy || model.celebration.value !== undefined) return null
  const [first] = facts.open
  const look = () => {
    shop.endBurn()
    panel.value = 'rewards'
    view.find(first?.id)
  }
  return (
    <section class="paid burning ff-glass" part="burn-week">
      <p>
        <b>{t.burnWeek}</b>
        <span>
          {facts.expires}
          {first && ` · ${t.burnOpen(facts.open.length)}`}
        </span>
      </p>
      <button type="button" class="ff-btn pri sm ff-hit" onClick={look}>
        {t.take}
      </button>
      <button type="button" class="ib" aria-label={t.close} onClick={shop.endBurn}>
        <Shape d={x} />
      </button>
    </section>
  )
}
