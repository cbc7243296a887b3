/** The lane at the bottom left: what happened in the room, one line at a time. */

import { HeatBars } from '../ui/heat-bars.tsx'
import { formatFactor, formatPoints } from '../ui/lang.ts'
import { TierBadge } from '../ui/tier-badge.tsx'
import { Icon } from './icons.tsx'
import type { Item } from './lane.ts'
import { rungOf, type View } from './view.ts'

function Who({ names, others, t }: { names: string[]; others: number; t: View['t'] }) {
  const [first] = names
  if (first === undefined) return <b>{t.people(others)}</b>
  const more = names.length - 1 + others
  return (
    <>
      <bdi>
        <b>{first}</b>
      </bdi>
      {more > 0 && ` ${t.others(more)}`}{' '}
    </>
  )
}

function Said({ item, view: { t, lang, model } }: { item: Item; view: View }) {
  const rungs = model.state.value.room?.ladder.rungs ?? []
  switch (item.kind) {
    case 'reached':
    case 'announced': {
      const tier = rungOf(rungs, item.rung)?.label[lang] ?? ''
      return (
        <>
          <TierBadge rung={item.rung} />
          <span>
            <Who names={item.names} others={item.others} t={t} />
            {t.reached(tier)}
            {item.kind === 'announced' && <small dir="auto">{item.text || t.announced}</small>}
          </span>
        </>
      )
    }
    case 'task':
      return (
        <>
          <Icon name="clock" />
          <span>
            {t.taskStarted} · <bdi>{item.task.title[lang]}</bdi>{' '}
            <b class="ff-n pts">+{item.task.points}</b>
          </span>
        </>
      )
    case 'campaign':
      return (
        <>
          <Icon name="bolt" />
          <span>
            {t.campaignStarted(formatFactor(item.campaign.factor))} ·{' '}
            <bdi>{item.campaign.title[lang]}</bdi>
          </span>
        </>
      )
    case 'flash':
      return (
        <>
          <Icon name="gift" />
          <span>
            {t.flashOpened(formatPoints(item.flash.points))} · <bdi>{item.flash.title[lang]}</bdi>
          </span>
        </>
      )
    case 'pack': {
      const { label, points, gifts } = item.pack
      const parts = gifts.map((gift) => gift[lang])
      return (
        <>
          <Icon name="gift" />
          <span>
            {label[lang]} <b class="ff-n pts">{[`+${points}`, ...parts].join(' · ')}</b>
          </span>
        </>
      )
    }
    case 'won':
      return (
        <>
          <Icon name="check" />
          <span>{t.taskWon(item.won)}</span>
        </>
      )
    case 'heat':
      return (
        <>
          <HeatBars level={item.level} />
          <span>{t.heatRose(item.level)}</span>
        </>
      )
    case 'spotlit':
      return (
        <>
          <Icon name="spot" />
          <span>
            <bdi class="said">{item.comment.text}</bdi>
            <small>
              <bdi>{item.comment.name}</bdi> · {t.spotlit}
            </small>
          </span>
        </>
      )
  }
}

/** Two lines for what a person said. */
const isCast = ({ kind }: Item) => kind === 'spotlit' || kind === 'announced'

export function LaneView({ view }: { view: View }) {
  const { lane } = view.model
  const shown = lane.shown.value
  const waiting = lane.waiting.value
  return (
    <div class="lane">
      {shown && (
        <div
          key={shown.key}
          part="moment"
          class={`moment ff-glass${isCast(shown.item) ? ' cast' : ''}`}
        >
          <Said item={shown.item} view={view} />
        </div>
      )}
      {shown && waiting > 0 && (
        <div class="wait ff-glass">
          <i />
          <i />
          <i />
          {view.t.waiting(waiting)}
        </div>
      )}
    </div>
  )
}
