/** One value of the book as an input; inside a sentence or in a form. Changed ones are jade. */

import { useSignal } from '@preact/signals'
import { choiceLabel } from './choices.ts'
import { isChanged, useEditing } from './context.ts'
import { fieldLabel } from './labels.ts'
import { at, nameOf, type Path } from './path.ts'
import { scaleOf } from './scales.ts'
import { isOptional, kindsOf, namesOf, shapeAt } from './shape.ts'

const DECIMALS = 1e6

const shown = (value: unknown, scale: number): string => {
  if (typeof value === 'number') return String(Math.round((value / scale) * DECIMALS) / DECIMALS)
  return value === undefined || value === null ? '' : String(value)
}

/** What stands in the book for what was typed: text that is no number stays text, and the service says so. */
function numberOf(text: string, scale: number, optional: boolean): unknown {
  if (text.trim() === '') return optional ? undefined : null
  const n = Number(text)
  return Number.isFinite(n) ? Math.round(n * scale * DECIMALS) / DECIMALS : text
}

export function Input({ path }: { path: Path }) {
  const editing = useEditing()
  const { form, book, problems, lang, edit } = editing
  const shape = shapeAt(form, path, book)
  const value = at(book, path)
  const changed = isChanged(editing, path) ? 'ch' : ''
  const wrong = problems.some(({ field }) => field === nameOf(path))
  const common = {
    'aria-label': fieldLabel(path, lang),
    'aria-invalid': wrong || undefined,
    'data-field': nameOf(path),
    disabled: isFixed(editing, path),
  }
  const choices =
    shape?.enum ?? (shape?.oneOf || shape?.anyOf ? kindsOf(shape)?.flatMap(namesOf) : undefined)
  if (choices)
    return (
      <select
        {...common}
        class={changed}
        value={String(value ?? '')}
        onChange={({ currentTarget }) => edit(path, currentTarget.value)}
      >
        {isOptional(form, path, book) && <option value="">—</option>}
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choiceLabel(path, choice, lang)}
          </option>
        ))}
      </select>
    )
  const numeric = shape?.type === 'number' || shape?.type === 'integer'
  const type = shape?.format === 'date' ? 'date' : 'text'
  return <Typed path={path} numeric={numeric} common={{ ...common, type, class: changed }} />
}

/** Ids stay what they are once they were published: records name them. */
function isFixed({ base, inBase }: ReturnType<typeof useEditing>, path: Path): boolean {
  const last = path.at(-1)
  return (last === 'id' || last === 'no') && path[0] === 'earn'
    ? at(base, inBase(path)) !== undefined
    : false
}

/** What holds where nothing is typed. */
function emptyMeans(path: Path, unlimited: string): string {
  const table = path.at(-2)
  if (table === 'factors') return '1'
  return table === 'weights' ? '0' : unlimited
}

function Typed({ path, numeric, common }: { path: Path; numeric: boolean; common: object }) {
  const { form, book, edit, w } = useEditing()
  const value = at(book, path)
  const typed = useSignal<{ text: string; value: unknown } | undefined>(undefined)
  const money = path[0] === 'earn' && at(book, [...path.slice(0, 2), 'action']) === 'purchase'
  const scale = scaleOf(path, money)
  const optional = isOptional(form, path, book)
  // While it is typed the text stays as it is: "1." is on its way to 1.5.
  const text =
    typed.value && Object.is(typed.value.value, value) ? typed.value.text : shown(value, scale)
  const change = (next: string) => {
    const read = numeric
      ? numberOf(next, scale, optional)
      : next === '' && optional
        ? undefined
        : next
    typed.value = { text: next, value: read }
    edit(path, read)
  }
  return (
    <input
      {...common}
      inputmode={numeric ? 'decimal' : 'text'}
      autocomplete="off"
      spellcheck={false}
      placeholder={optional ? emptyMeans(path, w.unlimited) : ''}
      value={text}
      // In a sentence it is as wide as what stands in it.
      style={{ '--n': Math.max(text.length, optional && !text ? 4 : 2) }}
      onInput={({ currentTarget }) => change(currentTarget.value)}
    />
  )
}
