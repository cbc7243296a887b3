/** The own tier-up: the dial opens once, says what it gives, and leaves by itself. */

import { formatFactor } from '../ui/lang.ts'
import { TierBadge } from '../ui/tier-badge.tsx'
import { rungOf, type View } from './view.ts'

const at = (degrees: number, radius: number) => {
  const angle = (degrees * Math.PI) / 180
  return `${(86 + radius * Math.sin(angle)).toFixed(1)} ${(86 - radius * Math.cos(angle)).toFixed(1)}`
}
/** Strokes around a circle, every `step` degrees where `skip` does not divide. */
const strokes = (step: number, skip: number, [from, to]: readonly [number, number]) => {
  let path = ''
  for (let degrees = 0; degrees < 360; degrees += step)
    if (skip === 0 || degrees % skip) path += `M${at(degrees, from)}L${at(degrees, to)}`
  return path
}
const NEAR = strokes(30, 0, [62, 78])
const FAR = strokes(7.5, 30, [62, 69])

export function Celebration({ view }: { view: View }) {
  const { model, t, lang, panel } = view
  const rung = model.celebration.value
  // Nothing lies over the sheet.
  if (rung === undefined || panel.value) return null
  const tier = rungOf(model.state.value.room?.ladder.rungs ?? [], rung)
  return (
    <section class="cele" part="tier" style={{ '--c': `var(--ff-tier-${Math.min(4, rung)})` }}>
      <div class="in ff-glass">
        <span class="medal">
          <svg class="dial" viewBox="0 0 172 172" aria-hidden="true">
            <path d={NEAR} />
            <path class="far" d={FAR} />
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
