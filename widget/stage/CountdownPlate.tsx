/** What counts down on stage: one task or campaign large, the next ones as lines under it. */

import type { CampaignView, TaskView } from '../../shared/room-state.ts'
import { countdownIcon } from '../ui/action-icon.ts'
import { formatFactor, formatLeft, Icon, type Lang, Ring } from '../ui/index.ts'
import { type Countdown, restOf } from './plates.ts'
import { STRINGS, type StageStrings } from './strings.ts'

interface CountdownPlateProps {
  countdowns: Countdown[]
  nowMs: number
  lang: Lang
}

export function CountdownPlate({ countdowns, nowMs, lang }: CountdownPlateProps) {
  const t = STRINGS[lang]
  const [first, ...more] = countdowns
  if (!first) return null
  const leftMs = first.endsAtMs - nowMs
  return (
    <section class="p cd" aria-label={first.kind === 'task' ? t.countdown : t.campaign}>
      <div class="main">
        <Ring value={restOf(first, nowMs)}>
          <Icon name={countdownIcon(first.view)} />
        </Ring>
        <div>
          <div class="s2">
            <span dir="auto">{first.view.title[lang]}</span> <Gain of={first} />
          </div>
          <div class="big ff-n" data-last={leftMs <= 10_000 || undefined}>
            {formatLeft(leftMs)}
          </div>
          <div class="s1">
            {first.kind === 'task' ? places(first.view as TaskView, t) : t.campaign}
          </div>
        </div>
      </div>
      {more.map((next) => (
        <div class="more s1" key={next.id}>
          <span dir="auto">{next.view.title[lang]}</span> <Gain of={next} />
          <b class="ff-n">{formatLeft(next.endsAtMs - nowMs)}</b>
        </div>
      ))}
    </section>
  )
}

/** A task says what it pays; a campaign's factor already stands in its title. */
function Gain({ of }: { of: Countdown }) {
  if (of.kind === 'task') return <span class="acc ff-n">+{(of.view as TaskView).points}</span>
  const { factor, title } = of.view as CampaignView
  const named = /[×x]\s?\d/.test(title.zh + title.en)
  return named ? null : <span class="acc ff-n">{formatFactor(factor)}</span>
}

function places({ quota, left }: TaskView, t: StageStrings) {
  if (quota === undefined) return t.allPlaces
  if (left === 0) return t.taken
  return (
    <>
      {t.placesLeft}{' '}
      <span class="ff-n">
        <b>{left ?? quota}</b>/{quota}
      </span>
    </>
  )
}
