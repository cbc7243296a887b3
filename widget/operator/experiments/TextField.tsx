/** A line of text of a form. */

import type { Signal } from '@preact/signals'

interface TextFieldProps {
  label: string
  name: string
  text: Signal<string>
  numeric?: boolean
  /** Has the focus when the dialog opens. */
  first?: boolean
}

export const TextField = ({ label, name, text, numeric, first }: TextFieldProps) => (
  <label class="fld">
    {label}
    <input
      name={name}
      autocomplete="off"
      {...(first && { 'data-first': true })}
      {...(numeric && { inputMode: 'decimal' as const })}
      value={text.value}
      onInput={({ currentTarget }) => {
        text.value = currentTarget.value
      }}
    />
  </label>
)
