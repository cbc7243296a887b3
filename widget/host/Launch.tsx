/** One-tap templates, and what runs. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import type { TaskView } from '../../shared/room-state.ts'
import { countdownIcon } from '../ui/action-icon.ts'
import { formatLeft, formatPoints, Icon, Ring } from '../ui/index.ts'
import { useConsole } from './console.ts'
import { EndButton } from './EndButton.tsx'
import { GamesCard } from './GamesCard.tsx'
import type { Running } from './model.ts'
import { StartDialog } from './StartDialog.tsx'
import { type Cost, type Draft, minutesOf, TEMPLATES, type Template } from './templates.ts'
import { useCost } from './use-cost.ts'

export function Launch() {
  const { model, t } = useConsole()
  const open = useSignal<Template | undefined>(undefined)
  // In safe mode nobody would see it start.
  const disabled = model.room.value?.live.state !== 'open' || model.safe.value
  const running = model.running.value
  // The same function in every render: the dialog takes the focus once, when it opens.
  const close = useCallback(() => {
    open.value = undefined
  }, [open])
  return (
    <section class="pane launch" aria-label={t.launch}>
      <div class="ff-card">
        <h2 class="ff-h">
          <span>{t.oneTap}</span>
          <span class="ff-quiet">{t.most}</span>
        </h2>
        <div class="tiles">
          {TEMPLATES.map((template) => (
            <Tile
              key={template.id}
              template={template}
              disabled={disabled}
              open={() => {
                open.value = template
              }}
            />
          ))}
        </div>
      </div>
      <GamesCard />
      <div class="ff-card run">
        <h2 class="ff-h">
          <span>{t.running}</span>
          <span class="ff-chip ff-n">{running.length}</span>
        </h2>
        {running.length === 0 && <p class="ff-quiet none">{t.runningNone}</p>}
        <ul>
          {running.map((item) => (
            <RunningRow key={item.id} item={item} />
          ))}
        </ul>
      </div>
      {open.value && <StartDialog template={open.value} close={close} />}
    </section>
  )
}

interface TileProps {
  template: Template
  disabled: boolean
  open: () => void
}

function Tile({ template: { icon, name, draft }, disabled, open }: TileProps) {
  const { lang } = useConsole()
  const cost = useCost(draft)
  return (
    <button type="button" class="tile" disabled={disabled} onClick={open} aria-haspopup="dialog">
      <Icon name={icon} />
      <b>{name[lang]}</b>
      <small class="ff-n">
        {tileDetail(draft, lang)} · {useCostText(cost)}
      </small>
    </button>
  )
}

/** What bounds it, in one word: places where there are, or else the length. */
function tileDetail(draft: Draft, lang: 'zh' | 'en'): string {
  if (draft.kind === 'task' && draft.quota !== undefined)
    return lang === 'zh' ? `${draft.quota} 名` : `${draft.quota} places`
  return lang === 'en' ? `${Math.round(draft.seconds / 60)} min` : minutesOf(draft.seconds, lang)
}

function useCostText({ most, exact }: Cost): string {
  const { t } = useConsole()
  if (most === undefined) return t.asEarned
  return exact ? t.points(formatPoints(most)) : t.about(formatPoints(most))
}

function RunningRow({ item }: { item: Running }) {
  const { model, lang } = useConsole()
  const { view, id } = item
  const nowMs = model.nowMs.value
  const leftMs = view.endsAtMs - Math.max(nowMs, view.startsAtMs)
  const ending = model.ending.value.has(id)
  return (
    <li>
      <Ring value={(leftMs / Math.max(1, view.endsAtMs - view.startsAtMs)) * 100}>
        <Icon name={countdownIcon(item.view)} />
      </Ring>
      <span class="m">
        <b class="ff-cut">
          {view.title[lang]}
          {item.kind === 'task' && ` +${(view as TaskView).points}`}
        </b>
        <small class="ff-n">
          {formatLeft(leftMs)}
          {item.kind === 'task' && takenText(view as TaskView)}
        </small>
      </span>
      <EndButton title={view.title[lang]} ending={ending} end={() => model.end(item)} />
    </li>
  )
}

const takenText = ({ quota, left }: TaskView): string =>
  quota === undefined ? '' : ` · ${quota - (left ?? quota)}/${quota}`
