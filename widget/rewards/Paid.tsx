/** What a payment brought and what can be had with it now: said once, and one tap away from it. */

import type { SheetView } from '../overlay/sheet-view.ts'
import { Shape } from '../ui/icons.tsx'
import { formatPoints } from '../ui/lang.ts'
import { x } from '../ui/shapes.ts'

export function Paid({ view }: { view: SheetView }) {
  const { r: t, lang, model, panel } = view
  const gain = model.paid.value
  // Nothing lies over the sheet or a celebration.
  if (!gain || panel.value || model.celebration.value !== undefined) return null
  const { best } = gain
  const take = () => {
    model.endPaid()
    panel.value = 'rewards'
    view.find(best?.reward)
  }
  return (
    <section class="paid ff-glass" part="paid">
      <p>
        <b class="ff-n">{t.gained(formatPoints(gain.points))}</b>
        <span>
          {t.nowHave(formatPoints(gain.spendable))}
          {best && ` · ${t.enoughFor(best.title[lang])}`}
        </span>
      </p>
      {best && (
        <button type="button" class="ff-btn pri sm ff-hit" onClick={take}>
          {t.take}
        </button>
      )}
      <button type="button" class="ib" aria-label={t.close} onClick={model.endPaid}>
        <Shape d={x} />
      </button>
    </section>
  )
}
