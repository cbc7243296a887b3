/** The countdown task: a ring that drains by the server's clock, what it pays and how far the viewer is. */

import { formatLeft } from '../ui/lang.ts'
import { Ring } from '../ui/ring.tsx'
import { ActionIcon, Icon } from './icons.tsx'
import type { TaskShown } from './task.ts'
import type { View } from './view.ts'

export interface TaskDoes {
  share(): void
  comment(): void
  like(): void
}

function Outcome({ shown, view: { t } }: { shown: TaskShown; view: View }) {
  if (shown.state === 'claiming') return <span>{t.claiming}</span>
  if (shown.state === 'full') return <span>{t.full}</span>
  if (shown.state === 'over') return <span>{t.over}</span>
  return <span>{shown.rank === undefined ? t.credited : t.doneAs(shown.rank)}</span>
}

function Numbers({ shown, view: { t } }: { shown: TaskShown; view: View }) {
  const { task, leftMs, progress } = shown
  const { quota = 0 } = task
  const [before, left, after] = t.placesLeft(task.left ?? quota, quota)
  return (
    <>
      <span>
        {t.last} <b class={`ff-n${leftMs <= 10_000 ? ' soon' : ''}`}>{formatLeft(leftMs)}</b>
      </span>
      {task.goal > 1 && (
        <span class="ff-n">
          <b>{Math.min(progress, task.goal)}</b>/{task.goal}
        </span>
      )}
      {task.quota === undefined ? (
        <span>{task.task < 0 ? t.why.personal : t.everybody}</span>
      ) : (
        <span>
          {before}
          <b class="ff-n">{left}</b>
          {after}
        </span>
      )}
    </>
  )
}

export function TaskCard({ view, does }: { view: View; does: TaskDoes }) {
  const { model, lang, t } = view
  const shown = model.task.value
  if (!shown) return null
  const { task, state, leftMs } = shown
  const open = state === 'open'
  const span = Math.max(1, task.endsAtMs - task.startsAtMs)
  const button = {
    share: { text: t.goShare, run: does.share },
    comment: { text: t.goComment, run: does.comment },
    like: { text: t.like, run: does.like },
  }[task.action as string]
  const title = task.title[lang]
  return (
    <section
      class={`task ff-glass ${state}`}
      part="task"
      aria-label={`${title} +${task.points}`}
      key={task.task}
    >
      <Ring value={open ? (leftMs / span) * 100 : state === 'won' ? 100 : 0}>
        {state === 'won' ? <Icon name="check" /> : <ActionIcon action={task.action} />}
      </Ring>
      <span class="mid">
        <span class="t1">
          <span class="ttl" dir="auto">
            {title}
          </span>
          <b class="ff-n">+{task.points}</b>
        </span>
        <span class="t2">
          {open ? <Numbers shown={shown} view={view} /> : <Outcome shown={shown} view={view} />}
        </span>
      </span>
      {open && button && (
        <button type="button" class="ff-btn pri sm ff-hit" onClick={button.run}>
          {button.text}
        </button>
      )}
    </section>
  )
}
