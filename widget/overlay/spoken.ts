/** What the live region says: gains, countdowns and the state of the connection. */

import { useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { explain } from '../../shared/rulebook/explain.ts'
import { ACTION_LABELS, unitsOf } from '../../shared/rulebook/labels.ts'
import { rungOf, type View } from './view.ts'

/** Seconds left at which a countdown speaks; not while it runs. */
const SPEAKS_AT = [60, 10]

export function useSpoken(view: View): void {
  const { model, lang, t } = view
  const { speaker } = model
  const phase = useRef('')
  const task = useRef<{ task: number; leftMs: number } | undefined>(undefined)
  useSignalEffect(() => {
    const line = model.line.value
    if (!line) return
    if (line.kind === 'back') return speaker.say('gain', t.spokenGain(line.points, t.caughtUp))
    const { points, done, last } = line.gain
    const counts = done.map(({ action, times }) =>
      lang === 'zh'
        ? `${ACTION_LABELS[action].zh} ${unitsOf(action, times, lang)}`
        : unitsOf(action, times, lang),
    )
    speaker.say(
      'gain',
      points > 0
        ? t.spokenGain(points, counts.join(lang === 'zh' ? '、' : ', '))
        : explain(last, lang),
    )
  })
  useSignalEffect(() => {
    const { status } = model.state.value
    const words = { offline: t.reconnecting, paused: t.paused, ended: t.liveEnded }
    if (status.phase !== phase.current && status.phase in words)
      speaker.say('phase', words[status.phase as keyof typeof words])
    phase.current = status.phase
  })
  useSignalEffect(() => {
    const rung = model.celebration.value
    if (rung === undefined) return
    const label = rungOf(model.state.value.room?.ladder.rungs ?? [], rung)?.label[lang]
    speaker.say('tier', `${t.congratulations} ${label}`)
  })
  useSignalEffect(() => {
    const shown = model.task.value
    const before = task.current
    task.current = shown && { task: shown.task.task, leftMs: shown.leftMs }
    if (!shown) return
    const title = shown.task.title[lang]
    if (before?.task !== shown.task.task)
      return speaker.say('task', t.taskSpoken(title, shown.task.points))
    if (shown.state !== 'open') return
    for (const seconds of SPEAKS_AT)
      if (before.leftMs > seconds * 1000 && shown.leftMs <= seconds * 1000)
        speaker.say('task', t.leftSpoken(title, seconds))
  })
}
