/** The effect that shows over the picture, in words. */

import type { SheetView } from '../overlay/sheet-view.ts'
import { Shape } from '../ui/icons.tsx'
import { right } from '../ui/shapes.ts'
import { TierBadge } from '../ui/tier-badge.tsx'
import { type Effect, prizeWords } from './show.ts'

function Who({
  names,
  others,
  view: { p: t, lang },
}: {
  names: string[]
  others: number
  view: SheetView
}) {
  if (names.length === 0) return <b>{t.people(others)}</b>
  return (
    <b>
      <bdi>{names.join(lang === 'zh' ? '、' : ', ')}</bdi>
      {others > 0 && ` ${t.others(others)}`}
    </b>
  )
}

function Said({ effect, view }: { effect: Effect; view: SheetView }) {
  const { p: t, lang } = view
  switch (effect.kind) {
    case 'broadcast':
      return (
        <>
          <p class="text" dir="auto">
            {effect.text}
          </p>
          <p class="by">
            <TierBadge rung={effect.rung} />
            {effect.name ? <bdi>{effect.name}</bdi> : t.people(1)}
          </p>
        </>
      )
    case 'entrance':
      return (
        <p>
          <Who names={effect.names} others={effect.others} view={view} /> {t.came}
        </p>
      )
    case 'tip':
      return (
        <p>
          <Who names={effect.names} others={effect.others} view={view} /> {t.tipped(effect.points)}
        </p>
      )
    case 'drawn':
      return (
        <>
          <p class="by">
            <bdi>{effect.title[lang]}</bdi> · {t.drawn}
          </p>
          {effect.winners.slice(0, 3).map((winner) => (
            <p key={winner.handle}>
              <b>
                <bdi>{winner.name || t.people(1)}</bdi>
              </b>{' '}
              {prizeWords(winner.prize, { pointsOf: t.points, lang })}
            </p>
          ))}
          {effect.winners.length === 0 && <p>{t.nobody}</p>}
          {effect.winners.length + effect.others > 3 && (
            <p class="by">{t.others(effect.winners.length + effect.others - 3)}</p>
          )}
        </>
      )
    case 'voted':
      return (
        <>
          <p class="by">
            <bdi>{effect.title[lang]}</bdi> · {t.best}
          </p>
          <p>
            <b>
              <bdi>{effect.best[lang]}</bdi>
            </b>{' '}
            {t.votes(effect.votes)}
          </p>
        </>
      )
    case 'opened':
      return (
        <button
          type="button"
          class="ff-hit"
          onClick={() => {
            view.panel.value = 'play'
          }}
        >
          {t.opened[effect.what]} ·{' '}
          <b>
            <bdi>{effect.title[lang]}</bdi>
          </b>{' '}
          <Shape d={right} />
        </button>
      )
  }
}

export function ShowView({ view }: { view: SheetView }) {
  const shown = view.show.shown.value
  // Nothing lies over the sheet.
  if (!shown || view.panel.value) return null
  const { effect, key } = shown
  return (
    <section
      key={key}
      class={`show ff-glass ${effect.kind}`}
      part="effect"
      data-entrance={effect.kind === 'entrance' ? effect.entrance : undefined}
    >
      <Said effect={effect} view={view} />
    </section>
  )
}
