/** The overlay: everything that lies over the picture, each in its corner. */

import type { ClientState } from '../client/browser.ts'
import { htmlLang } from '../ui/lang.ts'
import { Celebration } from './Celebration.tsx'
import { Bar, Chat } from './Chat.tsx'
import { HeatChip } from './HeatChip.tsx'
import { Icon } from './icons.tsx'
import { LaneView } from './LaneView.tsx'
import { Pill } from './Pill.tsx'
import { TaskCard } from './TaskCard.tsx'
import type { View } from './view.ts'

function Hint({ view: { model, t, hint, panel } }: { view: View }) {
  const kept = model.kept.value
  const text = kept > 0 ? t.kept(kept) : hint.value
  // The sheet lies over the picture; nothing lies over the sheet.
  if (!text || panel.value) return null
  return (
    <div class={`toast ff-glass${kept > 0 ? ' kept' : ''}`}>
      <Icon name={kept > 0 ? 'plug' : 'check'} />
      <span>{text}</span>
    </div>
  )
}

/** Somebody has points in a burn week: the sheet finds out what there is to tell. */
const burns = ({ room, account }: ClientState) =>
  account?.balance.spendable && room?.burnWeek && room.burnWeek.opensAtMs <= room.atMs

export function Overlay({ view }: { view: View }) {
  const { model, lang, t, panel, tell, handOn, pill, box, sheet } = view
  const parts = sheet.parts.value
  if (panel.value || model.paid.value || burns(model.state.value)) sheet.want()
  model.cover(panel.value !== undefined)
  // The pill folds into the sheet and comes back with the focus.
  const close = () => {
    panel.value = undefined
    pill.current?.focus()
  }
  const share = async () => {
    if (!(await handOn())) return
    const answer = await model.share()
    if (!answer.ok) tell(t.notSent)
  }
  const does = {
    share: () => void share(),
    comment: () => box.current?.focus(),
    like: () => model.like(),
  }
  const quiet = model.prefs.quiet.value
  return (
    <section
      class="ff-overlay"
      lang={htmlLang(lang)}
      aria-label={t.points}
      data-calm={model.prefs.calm.value || undefined}
      onKeyDown={(event) => {
        if (event.key === 'Escape') model.endCelebration()
      }}
    >
      <div class="top">
        <HeatChip view={view} />
        <Pill view={view} />
      </div>
      {!quiet && <TaskCard view={view} does={does} />}
      {!quiet && <LaneView view={view} />}
      <Chat view={view} />
      <Bar view={view} share={does.share} />
      {!quiet && parts && <parts.Show view={view} />}
      {parts && <parts.Paid view={view} />}
      {panel.value && parts && <parts.Sheet view={view} close={close} />}
      <Celebration view={view}>
        <Hint view={view} />
      </Celebration>
      <p class="ff-sr" role="status" aria-live="polite">
        {model.speaker.spoken.value}
      </p>
    </section>
  )
}
