/** What the live region says: gains, countdowns and the state of the connection. */

import { explainTold } from '../../shared/rulebook/explain.ts'
import type { Lang } from '../ui/lang.ts'
import type { OverlayModel } from './model.ts'
import { effect } from './reactive.ts'
import { STRINGS } from './strings.ts'
import { rungOf } from './view.ts'

/** Seconds left at which a countdown speaks; not while it runs. */
const SPEAKS_AT = [60, 10]

/** Speaks in the language of the moment; the answer ends it. */
export function startSpeaking(model: OverlayModel, lang: { readonly value: Lang }): () => void {
  const { speaker } = model
  let phase = ''
  let celebrated: number | undefined
  let task: { task: number; leftMs: number } | undefined

  function sayLine(): void {
    const line = model.line.value
    const t = STRINGS[lang.value]
    if (!line) return
    if (line.kind === 'back') return speaker.say('gain', t.spokenGain(line.points, t.caughtUp))
    const { points, done, last } = line.gain
    if (points === 0) return speaker.say('gain', explainTold(last, lang.value))
    const counts = done.map(({ action, times }) => t.spokenTimes(action, times))
    speaker.say('gain', t.spokenGain(points, counts.join(t.comma)))
  }

  function sayPhase(): void {
    const t = STRINGS[lang.value]
    const words = { offline: t.reconnecting, paused: t.paused, ended: t.liveEnded }
    const next = model.state.value.status.phase
    if (next !== phase && next in words) speaker.say('phase', words[next as keyof typeof words])
    phase = next
  }

  function sayTier(): void {
    const rung = model.celebration.value
    const label = rungOf(model.state.value.room?.ladder.rungs ?? [], rung ?? 0)?.label[lang.value]
    if (rung !== undefined && rung !== celebrated)
      speaker.say('tier', `${STRINGS[lang.value].congratulations} ${label}`)
    celebrated = rung
  }

  function sayTask(): void {
    const shown = model.task.value
    const before = task
    task = shown && { task: shown.task.task, leftMs: shown.leftMs }
    if (!shown) return
    const t = STRINGS[lang.value]
    const title = shown.task.title[lang.value]
    if (before?.task !== shown.task.task)
      return speaker.say('task', t.taskSpoken(title, shown.task.points))
    if (shown.state !== 'open') return
    for (const seconds of SPEAKS_AT)
      if (before.leftMs > seconds * 1000 && shown.leftMs <= seconds * 1000)
        speaker.say('task', t.leftSpoken(title, seconds))
  }

  const ends = [sayLine, sayPhase, sayTier, sayTask].map(effect)
  return () => {
    for (const end of ends) end()
  }
}
