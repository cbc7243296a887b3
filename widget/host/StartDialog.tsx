/** One sentence with steppers; one more tap starts it. */

import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { formatLeft, formatPoints } from '../ui/index.ts'
import { Press } from '../ui/press.tsx'
import { useDialog } from '../ui/use-dialog.ts'
import { useConsole } from './console.ts'
import { Say } from './Phrase.tsx'
import {
  type Cost,
  type Draft,
  type Field,
  fieldsOf,
  fieldValue,
  sentenceOf,
  step,
  type Template,
} from './templates.ts'
import { useCost } from './use-cost.ts'

interface StartDialogProps {
  template: Template
  close: () => void
}

export function StartDialog({ template, close }: StartDialogProps) {
  const { model, t, lang } = useConsole()
  const draft = useSignal<Draft>(template.draft)
  const busy = useSignal(false)
  // One id per draft: a second tap, or a tap after an unknown outcome, starts nothing twice.
  const wanted = draft.value
  const requestId = useMemo(() => model.newRequestId(), [model, wanted])
  const dialog = useDialog(close)
  const start = async () => {
    if (busy.value) return
    busy.value = true
    const started = await model.start(draft.value, requestId)
    busy.value = false
    if (started) close()
  }
  return (
    // biome-ignore lint/a11y: a shortcut for the mouse; Escape and the button do the same.
    <div
      class="veil"
      onClick={(event) => {
        if (event.target === event.currentTarget) close()
      }}
    >
      <div class="dlg" role="dialog" aria-modal="true" aria-labelledby="start-title" ref={dialog}>
        <h2 id="start-title">{draft.value.kind === 'task' ? t.task : t.campaign}</h2>
        <p class="sent" aria-live="polite">
          <Say phrase={sentenceOf(draft.value, lang)} />
        </p>
        {fieldsOf(draft.value).map((field) => (
          <Stepper
            key={field}
            field={field}
            draft={draft.value}
            change={(next) => {
              draft.value = next
            }}
          />
        ))}
        <CostLine draft={draft.value} />
        <div class="go">
          <button type="button" class="ff-btn" onClick={close}>
            {t.cancel}
          </button>
          <Press class="ff-btn pri" off={busy.value} onClick={start} data-first>
            {busy.value ? t.starting : t.start}
          </Press>
        </div>
      </div>
    </div>
  )
}

interface StepperProps {
  field: Field
  draft: Draft
  change: (draft: Draft) => void
}

function Stepper({ field, draft, change }: StepperProps) {
  const { t } = useConsole()
  const name = t.field[field]
  const less = step(draft, field, -1)
  const more = step(draft, field, 1)
  return (
    <div class="step">
      <span>{name}</span>
      <button
        type="button"
        aria-label={t.less(name)}
        disabled={less === draft}
        onClick={() => change(less)}
      >
        −
      </button>
      <span class="ff-n">{valueText(draft, field, t.everybody)}</span>
      <button
        type="button"
        aria-label={t.more(name)}
        disabled={more === draft}
        onClick={() => change(more)}
      >
        +
      </button>
    </div>
  )
}

function valueText(draft: Draft, field: Field, everybody: string): string {
  const value = fieldValue(draft, field)
  const isWatch = field === 'goal' && draft.kind === 'task' && draft.action === 'watch'
  if (value === undefined) return everybody
  if (field === 'seconds' || isWatch) return formatLeft(value * 1000)
  return field === 'factor' ? `×${value}` : formatPoints(value)
}

function CostLine({ draft }: { draft: Draft }) {
  const { t } = useConsole()
  const { most, exact }: Cost = useCost(draft)
  return (
    <p class="ff-muted cost">
      {most === undefined
        ? t.costUnknown
        : exact
          ? t.costExact(formatPoints(most))
          : t.costAbout(formatPoints(most))}
    </p>
  )
}
