/** A form made from the schema: every field of a part of the book, with what does not fit beside it. */

import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { beginning } from './beginning.ts'
import { actionName, choiceLabel } from './choices.ts'
import { isChanged, useEditing } from './context.ts'
import { Input } from './Input.tsx'
import { fieldLabel } from './labels.ts'
import { at, nameOf, type Path } from './path.ts'
import { blank, chosen, isOptional, kindsOf, namesOf, type Shape, shapeAt } from './shape.ts'

interface FieldProps {
  path: Path
  /** Places that stand in the sentence already. */
  hide: ReadonlySet<string>
  /** Without its own name above it. */
  bare?: boolean
}

export function Field({ path, hide, bare = false }: FieldProps) {
  const { form, book } = useEditing()
  const shape = shapeAt(form, path, book)
  if (!shape || hide.has(nameOf(path))) return null
  if (kindsOf(shape)) return <Kinds path={path} hide={hide} bare={bare} />
  if (shape.type === 'array') return <List path={path} hide={hide} shape={shape} />
  if (shape.type === 'object') return <Group path={path} hide={hide} bare={bare} shape={shape} />
  if (shape.type === 'boolean') return <Switch path={path} />
  // One possible value is nothing to choose.
  if (shape.const !== undefined || path.at(-1) === 'kind') return null
  return (
    <Labelled path={path}>
      <Input path={path} />
    </Labelled>
  )
}

function Labelled({ path, children }: { path: Path; children: ComponentChildren }) {
  const { lang } = useEditing()
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what it is given.
    <label class="fld">
      {fieldLabel(path, lang)}
      {children}
      <Wrong path={path} />
    </label>
  )
}

/** What does not fit at that place. */
export function Wrong({ path }: { path: Path }) {
  const { problems, lang } = useEditing()
  const here = problems.filter(({ field }) => field === nameOf(path))
  return here.length > 0 ? (
    <small class="bad" role="alert">
      {here.map(({ text }) => text[lang]).join(' · ')}
    </small>
  ) : null
}

function Switch({ path }: { path: Path }) {
  const editing = useEditing()
  const on = at(editing.book, path) === true
  const label = fieldLabel(path, editing.lang)
  return (
    <div class={isChanged(editing, path) ? 'swt ch' : 'swt'}>
      <span>{label}</span>
      <button
        type="button"
        class="ff-switch"
        role="switch"
        aria-checked={on}
        aria-label={label}
        onClick={() => editing.edit(path, !on)}
      />
      <Wrong path={path} />
    </div>
  )
}

/** A part that a book may do without is switched on and off. */
export function Presence({ path, label }: { path: Path; label: string }) {
  const { form, book, edit } = useEditing()
  const on = at(book, path) !== undefined
  const shape = shapeAt(form, path, book)
  return (
    <button
      type="button"
      class="ff-switch"
      role="switch"
      aria-checked={on}
      aria-label={label}
      onClick={() => edit(path, on || !shape ? undefined : blank(shape))}
    />
  )
}

function Group({ path, hide, bare, shape }: FieldProps & { shape: Shape }) {
  const { form, book, lang } = useEditing()
  const optional = isOptional(form, path, book)
  const there = at(book, path) !== undefined
  const names = Object.keys(shape.properties ?? {}).sort((a, b) => rank(a) - rank(b))
  const inner = shape.propertyNames ? (
    <Table path={path} shape={shape} />
  ) : (
    names.map((name) => <Field key={name} path={[...path, name]} hide={hide} />)
  )
  const visible = shape.propertyNames || names.some((name) => !hide.has(nameOf([...path, name])))
  if (bare) return <>{inner}</>
  if (!visible && there) return null
  const label = fieldLabel(path, lang)
  return (
    <fieldset class="set">
      <legend>
        {label}
        {optional && <Presence path={path} label={label} />}
      </legend>
      {there && <div class="form">{inner}</div>}
      <Wrong path={path} />
    </fieldset>
  )
}

/** What only records need stands last. */
const rank = (name: string): number => (name === 'id' || name === 'no' ? 1 : 0)

/** Numbers by name, such as the multipliers of actions. */
function Table({ path, shape }: { path: Path; shape: Shape }) {
  const { lang } = useEditing()
  return (
    <div class="tab">
      {(shape.propertyNames?.enum ?? []).map((name) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the input follows.
        <label key={name} class="cell">
          <span>{actionName(name, lang) ?? name}</span>
          <Input path={[...path, name]} />
          <Wrong path={[...path, name]} />
        </label>
      ))}
    </div>
  )
}

/** One of several kinds, each with fields of its own. */
function Kinds({ path, hide, bare }: FieldProps) {
  const { form, book, lang, edit } = useEditing()
  const id = useId()
  const shape = shapeAt(form, path, book)
  if (!shape) return null
  const kinds = kindsOf(shape) ?? []
  const names = kinds.flatMap(namesOf)
  const value = at(book, path)
  const label = bare ? fieldLabel([...path, 'kind'], lang) : fieldLabel(path, lang)
  const choose = (name: string) => {
    const kind = kinds.find((one) => namesOf(one).includes(name))
    const fresh = kind && blank(kind)
    // What both kinds have is kept.
    const kept = Object.fromEntries(
      Object.entries(typeof value === 'object' && value ? value : {}).filter(
        ([field]) => kind?.properties && field in kind.properties,
      ),
    )
    edit(path, { ...(typeof fresh === 'object' ? fresh : {}), ...kept, kind: name })
  }
  return (
    <>
      <div class="fld">
        <label for={id}>{label}</label>
        <select
          id={id}
          data-field={nameOf([...path, 'kind'])}
          value={String(at(value, ['kind']) ?? '')}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {choiceLabel(path, name, lang)}
            </option>
          ))}
        </select>
        <Wrong path={[...path, 'kind']} />
      </div>
      {Object.keys(chosen(shape, value).properties ?? {}).map((name) => (
        <Field key={name} path={[...path, name]} hide={hide} />
      ))}
    </>
  )
}

function List({ path, hide, shape }: FieldProps & { shape: Shape }) {
  const { book, lang, w, edit } = useEditing()
  const all = at(book, path)
  const list: unknown[] = Array.isArray(all) ? all : []
  const { items } = shape
  if (!items) return null
  const label = fieldLabel(path, lang)
  const choices =
    items.enum ?? (path.at(-1) === 'enables' ? book.earn.map(({ id }) => id) : undefined)
  if (choices) return <Choices path={path} list={list} choices={choices} />
  if (items.type !== 'object' && !kindsOf(items))
    return <Words path={path} list={list} items={items} />
  const one = fieldLabel([...path, 0], lang)
  const open = list.length < (shape.maxItems ?? Number.POSITIVE_INFINITY)
  return (
    <fieldset class="set wide">
      <legend>{label}</legend>
      <Wrong path={path} />
      {list.map((entry, i) => (
        <div class="one" key={i}>
          <p class="ff-quiet">
            {titleOf(entry, lang) ?? `${one} ${i + 1}`}
            <button
              type="button"
              class="ff-btn ghost"
              aria-label={`${w.remove} ${one} ${i + 1}`}
              onClick={() => edit([...path, i], undefined)}
            >
              {w.remove}
            </button>
          </p>
          <div class="form">
            <Field path={[...path, i]} hide={hide} bare />
          </div>
          <Wrong path={[...path, i]} />
        </div>
      ))}
      {open && (
        <button
          type="button"
          class="ff-btn"
          onClick={() => edit([...path, list.length], beginning(path, list) ?? blank(items))}
        >
          {w.add(one)}
        </button>
      )}
    </fieldset>
  )
}

function titleOf(entry: unknown, lang: 'zh' | 'en'): string | undefined {
  const name = at(entry, ['label', lang]) ?? at(entry, ['title', lang]) ?? at(entry, [lang])
  return typeof name === 'string' && name !== '' ? name : undefined
}

/** Some of a few. */
function Choices({ path, list, choices }: { path: Path; list: unknown[]; choices: string[] }) {
  const { lang, edit } = useEditing()
  return (
    <fieldset class="set">
      <legend>{fieldLabel(path, lang)}</legend>
      <div class="picks">
        {choices.map((choice) => {
          const on = list.includes(choice)
          return (
            <button
              key={choice}
              type="button"
              aria-pressed={on}
              class={on ? 'ff-chip on' : 'ff-chip'}
              onClick={() =>
                edit(
                  path,
                  choices.filter((one) => (one === choice ? !on : list.includes(one))),
                )
              }
            >
              {choiceLabel(path, choice, lang)}
            </button>
          )
        })}
      </div>
      <Wrong path={path} />
    </fieldset>
  )
}

/** Words or numbers, one a line. */
function Words({ path, list, items }: { path: Path; list: unknown[]; items: Shape }) {
  const { lang, w, edit, problems } = useEditing()
  const numeric = items.type === 'integer' || items.type === 'number'
  const read = (text: string): unknown[] =>
    text.split('\n').flatMap((line) => {
      const word = line.trim()
      if (word === '') return []
      return [numeric && Number.isFinite(Number(word)) ? Number(word) : word]
    })
  const inside = problems.filter(({ field }) => field.startsWith(`${nameOf(path)}.`))
  return (
    <label class="fld wide">
      {fieldLabel(path, lang)}
      <textarea
        rows={Math.min(Math.max(list.length + 1, 2), 8)}
        data-field={nameOf(path)}
        defaultValue={list.join('\n')}
        onChange={({ currentTarget }) => edit(path, read(currentTarget.value))}
      />
      <small>{w.aLine}</small>
      <Wrong path={path} />
      {inside.map(({ field, text }) => (
        <small class="bad" key={field}>
          {w.line(Number(field.split('.').at(-1)) + 1)}：{text[lang]}
        </small>
      ))}
    </label>
  )
}
