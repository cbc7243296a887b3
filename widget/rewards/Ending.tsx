/** A code that ends soon: what it is for, where, until when, and one tap to it. */

import type { SheetView } from '../overlay/sheet-view.ts'
import { Shape } from '../ui/icons.tsx'
import { x } from '../ui/shapes.ts'
import { momentOf } from './moments.ts'

export function Ending({ view }: { view: SheetView }) {
  const { r: t, lang, shop, model, panel } = view
  const one = shop.ending.value
  if (!one?.pickup || panel.value || model.paid.value || model.celebration.value !== undefined)
    return null
  const { name, untilMs } = one.pickup
  const show = () => {
    shop.endEnding()
    shop.show(one.id)
  }
  return (
    <section class="paid ending ff-glass" part="pickup-ending">
      <p>
        <b>{t.fetch(one.title[lang])}</b>
        <span>
          {name[lang]} · {t.until(momentOf(untilMs - 1, shop.nowMs.value, lang))}
        </span>
      </p>
      <button type="button" class="ff-btn pri sm ff-hit" onClick={show}>
        {t.showCode}
      </button>
      <button type="button" class="ib" aria-label={t.close} onClick={shop.endEnding}>
        <Shape d={x} />
      </button>
    </section>
  )
}
