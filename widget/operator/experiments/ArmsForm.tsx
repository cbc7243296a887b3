/** What each arm of a new experiment is called, and what it changes. */

import type { Signal } from '@preact/signals'
import { useDesk } from '../desk.ts'
import type { Field } from './fields.ts'
import { ARMS_MAX, EMPTY_ARM, type FilledArm } from './form.ts'
import { WORDS } from './words.ts'

interface ArmsFormProps {
  fields: readonly Field[]
  arms: Signal<readonly FilledArm[]>
  /** Only the first: the rooms of a pilot play one variant. */
  one: boolean
  /** There are so many now. */
  counted: (arms: number) => void
}

export function ArmsForm({ fields, arms, one, counted }: ArmsFormProps) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const shown = one ? arms.value.slice(0, 1) : arms.value
  const set = (next: readonly FilledArm[]) => {
    if (next.length !== arms.value.length) counted(next.length)
    arms.value = next
  }
  return (
    <>
      {shown.map((arm, at) => (
        <fieldset class="arm" key={at}>
          <legend>
            {w.armNo(at + 1)}
            {at > 0 && (
              <button
                type="button"
                class="ff-btn"
                aria-label={w.dropArm(at + 1)}
                onClick={() => set(arms.value.filter((_, i) => i !== at))}
              >
                {w.drop}
              </button>
            )}
          </legend>
          <ArmFields
            {...{ arm, fields }}
            at={at}
            put={(change) => set(arms.value.map((it, i) => (i === at ? { ...it, ...change } : it)))}
          />
        </fieldset>
      ))}
      {!one && shown.length < ARMS_MAX && (
        <button type="button" class="ff-btn more" onClick={() => set([...arms.value, EMPTY_ARM])}>
          {w.moreArms}
        </button>
      )}
    </>
  )
}

interface ArmFieldsProps {
  arm: FilledArm
  at: number
  fields: readonly Field[]
  put: (change: Partial<FilledArm>) => void
}

function ArmFields({ arm: { name, changes }, at, fields, put }: ArmFieldsProps) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const change = (line: number, to: Partial<(typeof changes)[number]>) =>
    put({ changes: changes.map((one, i) => (i === line ? { ...one, ...to } : one)) })
  return (
    <>
      <label class="fld">
        {w.armName}
        <input
          name={`arm-${at}`}
          autocomplete="off"
          value={name}
          onInput={({ currentTarget }) => put({ name: currentTarget.value })}
        />
      </label>
      {changes.map(({ field, value }, line) => {
        const now = fields.find((one) => one.field === field)?.now
        return (
          <div class="pair change" key={line}>
            <label class="fld">
              {w.change}
              <select
                name={`field-${at}-${line}`}
                value={field}
                onChange={({ currentTarget }) => change(line, { field: currentTarget.value })}
              >
                <option value="">{w.pick}</option>
                {fields.map((one) => (
                  <option key={one.field} value={one.field}>
                    {one.label}
                  </option>
                ))}
              </select>
            </label>
            <label class="fld">
              {w.to}
              <input
                name={`value-${at}-${line}`}
                inputMode="decimal"
                autocomplete="off"
                value={value}
                placeholder={now === undefined ? '' : w.now(String(now))}
                onInput={({ currentTarget }) => change(line, { value: currentTarget.value })}
              />
            </label>
          </div>
        )
      })}
      <button
        type="button"
        class="ff-btn more"
        onClick={() => put({ changes: [...changes, ...EMPTY_ARM.changes] })}
      >
        {w.more}
      </button>
    </>
  )
}
