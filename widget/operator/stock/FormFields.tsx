/** Fields of the form of a reward: a text, a choice, and a group of them. */

import type { ComponentChildren } from 'preact'
import type { Draft } from './draft.ts'

/** What a field is told: its value, how to change it, and what the service said of it. */
export interface Pen {
  draft: Draft
  write(change: Partial<Draft>): void
  /** Of the field, where it does not fit. */
  wrong(field: keyof Draft): string | undefined
  isNew: boolean
}

type TextField = { [K in keyof Draft]: Draft[K] extends string ? K : never }[keyof Draft]

interface TextProps {
  pen: Pen
  name: TextField
  label: string
  hint?: string
  type?: 'text' | 'number' | 'datetime-local'
  first?: boolean
  disabled?: boolean
}

export function Text({ pen, name, label, hint, type = 'text', first, disabled }: TextProps) {
  const wrong = pen.wrong(name)
  const field = {
    name,
    disabled: disabled === true,
    autocomplete: 'off',
    'aria-invalid': wrong !== undefined,
    value: pen.draft[name],
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      pen.write({ [name]: currentTarget.value }),
  }
  const kind =
    type === 'datetime-local'
      ? ({ type } as const)
      : ({ type: 'text', inputMode: type === 'number' ? 'decimal' : 'text' } as const)
  return (
    <label class={wrong ? 'fld wrong' : 'fld'}>
      {label}
      <input {...field} {...kind} {...(first && { 'data-first': true })} />
      {(wrong ?? hint) && <small>{wrong ?? hint}</small>}
    </label>
  )
}

interface ChoiceProps {
  pen: Pen
  name: TextField
  label: string
  options: readonly (readonly [value: string, label: string])[]
  disabled?: boolean
}

export function Choice({ pen, name, label, options, disabled }: ChoiceProps) {
  const wrong = pen.wrong(name)
  return (
    <label class={wrong ? 'fld wrong' : 'fld'}>
      {label}
      <select
        name={name}
        disabled={disabled}
        value={pen.draft[name]}
        onChange={({ currentTarget }) => pen.write({ [name]: currentTarget.value })}
      >
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
      {wrong && <small>{wrong}</small>}
    </label>
  )
}

export const Group = ({ children }: { children: ComponentChildren }) => (
  <div class="grp">{children}</div>
)
