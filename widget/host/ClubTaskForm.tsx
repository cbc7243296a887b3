/** A task for the own fan club: an action, steppers, what it may cost; one more tap starts it. */

import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { CLUB_ACTIONS, type ClubAction } from '../../shared/clubs.ts'
import { formatPoints } from '../ui/index.ts'
import { Press } from '../ui/press.tsx'
import { CLUB_WORDS } from './club-words.ts'
import { useConsole } from './console.ts'

/** What the steppers offer. */
const STEPS = {
  goal: [1, 2, 3, 5, 10, 15, 20, 30, 60, 100],
  points: [5, 10, 20, 50, 100, 200, 500, 1000],
  places: [1, 3, 5, 10, 20, 50, 100, 200, 500, 1000],
  minutes: [10, 30, 60, 120, 360, 1440, 4320, 10_080],
} as const
type Field = keyof typeof STEPS
const FIELDS = Object.keys(STEPS) as Field[]

export interface ClubTaskDraft extends Record<Field, number> {
  action: ClubAction
}
const FIRST: ClubTaskDraft = { action: 'watch', goal: 10, points: 20, places: 50, minutes: 60 }

function next(field: Field, value: number, by: 1 | -1): number {
  const steps: readonly number[] = STEPS[field]
  return steps[steps.indexOf(value) + by] ?? value
}

export function ClubTaskForm({ pointsLeft, done }: { pointsLeft: number; done: () => void }) {
  const { model, t, lang } = useConsole()
  const w = CLUB_WORDS[lang]
  const draft = useSignal(FIRST)
  const busy = useSignal(false)
  const refused = useSignal('')
  const wanted = draft.value
  // One id per draft: a second tap, or a tap after an unknown outcome, starts nothing twice.
  const requestId = useMemo(() => model.newRequestId(), [model, wanted])
  const most = wanted.points * wanted.places
  const change = (to: Partial<ClubTaskDraft>) => {
    refused.value = ''
    draft.value = { ...wanted, ...to }
  }
  const start = async () => {
    if (busy.value) return
    busy.value = true
    const answer = await model.startClubTask({ ...wanted, requestId })
    busy.value = false
    if (answer.ok) {
      // The next task is another one, though it be the same.
      draft.value = { ...wanted }
      return done()
    }
    const overBudget = answer.code === 'club_limit' && answer.field === 'budget'
    refused.value = overBudget
      ? w.budget
      : answer.code === 'club_limit'
        ? w.tooMuch(formatPoints(answer.have ?? 0))
        : (t.refusals[answer.code] ?? t.refusal(answer.code))
  }
  const textOf = (field: Field): string => {
    const value = wanted[field]
    if (field === 'minutes') return w.span(value)
    return field === 'goal' ? w.goalIn(wanted.action, formatPoints(value)) : formatPoints(value)
  }
  return (
    <form
      class="club-form"
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
    >
      <h3 class="ff-h">{w.write}</h3>
      <fieldset class="club-acts" aria-label={w.write}>
        {CLUB_ACTIONS.map((action) => (
          <button
            key={action}
            type="button"
            class="ff-btn sm"
            aria-pressed={wanted.action === action}
            onClick={() => change({ action })}
          >
            {w.actions[action]}
          </button>
        ))}
      </fieldset>
      {FIELDS.map((field) => {
        const [less, more] = [next(field, wanted[field], -1), next(field, wanted[field], 1)]
        const name = w.field[field]
        const button = (to: number, label: string, sign: string) => (
          <button
            type="button"
            aria-label={label}
            disabled={to === wanted[field]}
            onClick={() => change({ [field]: to })}
          >
            {sign}
          </button>
        )
        return (
          <div class="step" key={field}>
            <span>{name}</span>
            {button(less, t.less(name), '−')}
            <span class="ff-n">{textOf(field)}</span>
            {button(more, t.more(name), '+')}
          </div>
        )
      })}
      <p class={`cost ${most > pointsLeft ? 'warn' : 'ff-muted'}`} role="status">
        {refused.value ||
          (most > pointsLeft
            ? w.tooMuch(formatPoints(pointsLeft))
            : w.cost(formatPoints(most), formatPoints(pointsLeft)))}
      </p>
      <Press type="submit" class="ff-btn pri" off={busy.value || most > pointsLeft}>
        {busy.value ? t.starting : t.start}
      </Press>
    </form>
  )
}
