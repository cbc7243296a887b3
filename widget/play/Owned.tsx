/** What can be owned: colours of comments and entrances; the stronger of bought and given counts. */

import type { Owned } from '../../shared/effects.ts'
import { clockOf, dateOf } from '../rewards/moments.ts'
import { Buy, Outcome } from './Buy.tsx'
import type { PlayView } from './play-view.ts'

function Standing({ view: { p: t, lang }, owned }: { view: PlayView; owned: Owned<string> }) {
  const { by, untilMs } = owned
  return (
    <span class="ff-chip on">
      {by === 'tier' || untilMs === undefined
        ? t.ownedTier
        : t.ownedUntil(`${dateOf(untilMs, lang)} ${clockOf(untilMs, lang)}`)}
    </span>
  )
}

export function Colours({ view }: { view: PlayView }) {
  const { p: t, play } = view
  const now = play.view.value
  const owned = now?.owned.colour
  if (!now || (now.offers.colours.length === 0 && !owned)) return null
  return (
    <li class="pl">
      <div class="t">
        {t.colour} {owned && <Standing view={view} owned={owned} />}
      </div>
      <ul class="things">
        {now.offers.colours.map(({ colour, points, days }) => (
          <li key={colour} aria-current={owned?.value === colour || undefined}>
            <span class="chatlike" data-colour={colour}>
              {t.sample}
            </span>
            <small class="ff-muted">{t.days(days)}</small>
            <Buy
              view={view}
              place={`colour ${colour}`}
              points={points}
              want={{ name: 'effect.buy', input: { effect: 'colour', colour } }}
              words=""
            />
            <Outcome view={view} place={`colour ${colour}`} />
          </li>
        ))}
      </ul>
    </li>
  )
}

export function Entrances({ view }: { view: PlayView }) {
  const { p: t, play, model } = view
  const now = play.view.value
  const owned = now?.owned.entrance
  if (!now || (now.offers.entrances.length === 0 && !owned)) return null
  return (
    <li class="pl">
      <div class="t">
        {t.entrance} {owned && <Standing view={view} owned={owned} />}
      </div>
      <ul class="things">
        {now.offers.entrances.map(({ entrance, points, days }) => (
          <li key={entrance} aria-current={owned?.value === entrance || undefined}>
            <span class="entry" data-entrance={entrance}>
              <bdi>{model.state.value.me?.name}</bdi> {t.came}
            </span>
            <small class="ff-muted">{t.days(days)}</small>
            <Buy
              view={view}
              place={`entrance ${entrance}`}
              points={points}
              want={{ name: 'effect.buy', input: { effect: 'entrance', entrance } }}
              words=""
            />
            <Outcome view={view} place={`entrance ${entrance}`} />
          </li>
        ))}
      </ul>
    </li>
  )
}
