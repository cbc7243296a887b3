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

const ICONS = {
  task: 'clock',
  campaign: 'bolt',
  flash: 'gift',
  pack: 'gift',
  won: 'check',
  spotlit: 'spot',
} as const

/** What stands before the words. */
function Mark({ item }: { item: Item }) {
  if ('rung' in item) return <TierBadge rung={item.rung} />
  if (item.kind === 'heat') return <HeatBars level={item.level} />
  return <Icon name={ICONS[item.kind]} />
}

function Said({ item, view: { t, lang, model } }: { item: Item; view: View }) {
  const titled = (said: string, title: Record<View['lang'], string>) => (
    <>
      {said} · <bdi>{title[lang]}</bdi>
    </>
  )
  switch (item.kind) {
    case 'reached':
    case 'announced':
      return (
        <>
          <Who names={item.names} others={item.others} t={t} />
          {t.reached(
            rungOf(model.state.value.room?.ladder.rungs ?? [], item.rung)?.label[lang] ?? '',
          )}
          {item.kind === 'announced' && <small dir="auto">{item.text || t.announced}</small>}
        </>
      )
    case 'task':
      return (
        <>
          {titled(t.taskStarted, item.task.title)} <b class="ff-n pts">+{item.task.points}</b>
        </>
      )
    case 'campaign':
      return titled(t.campaignStarted(formatFactor(item.campaign.factor)), item.campaign.title)
    case 'flash':
      return titled(t.flashOpened(formatPoints(item.flash.points)), item.flash.title)
    case 'pack': {
      const { label, points, gifts } = item.pack
      const parts = gifts.map((gift) => gift[lang])
      return (
        <>
          {label[lang]} <b class="ff-n pts">{[`+${points}`, ...parts].join(' · ')}</b>
        </>
      )
    }
    case 'won':
      return t.taskWon(item.won)
    case 'heat':
      return t.heatRose(item.level)
    case 'spotlit':
      return (
        <>
          <bdi class="said">{item.comment.text}</bdi>
          <small>
            <bdi>{item.comment.name}</bdi> · {t.spotlit}
          </small>
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
          <Mark item={shown.item} />
          <span>
            <Said item={shown.item} view={view} />
          </span>
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
