/** The own tier-up: the dial opens once, says what it gives, and leaves by itself. */

import type { ComponentChildren } from 'preact'
import { formatFactor } from '../ui/lang.ts'
import { TierBadge } from '../ui/tier-badge.tsx'
import { rungOf, type View } from './view.ts'

/** `children` is what must be seen beside it. */
export function Celebration({ view, children }: { view: View; children: ComponentChildren }) {
  const { model, t, lang, panel } = view
  const rung = model.celebration.value
  // Nothing lies over the sheet.
  if (rung === undefined || panel.value) return <>{children}</>
  const tier = rungOf(model.state.value.room?.ladder.rungs ?? [], rung)
  return (
    <section class="cele" part="tier" style={{ '--c': `var(--ff-tier-${Math.min(4, rung)})` }}>
      {children}
      <div class="in ff-glass">
        <span class="medal">
          <svg class="dial" viewBox="0 0 172 172" aria-hidden="true">
            <circle cx="86" cy="86" r="70" pathLength={360} />
            <circle class="far" cx="86" cy="86" r="65.5" pathLength={360} />
          </svg>
          <TierBadge rung={rung} />
        </span>
        <small>{t.congratulations}</small>
        <h2>{tier?.label[lang]}</h2>
        <ul>
          {tier && tier.factor > 1 && <li>{t.factorNow(formatFactor(tier.factor * 1000))}</li>}
          {tier?.benefits.slice(0, 3).map((benefit) => (
            <li key={benefit.en}>{benefit[lang]}</li>
          ))}
        </ul>
        <button type="button" class="ff-btn pri" onClick={model.endCelebration}>
          {t.fine}
        </button>
        <div class="left" />
      </div>
    </section>
  )
}
