/** One rule: a sentence with inputs in it, the form of everything else, and what viewers read of it. */

import { useEffect } from 'preact/hooks'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { hrefOf } from '../address.ts'
import { spoken } from './compare.ts'
import { isChanged, useEditing } from './context.ts'
import { Field, Presence, Wrong } from './Fields.tsx'
import { Gains } from './Gains.tsx'
import { Input } from './Input.tsx'
import { type Item, saysIt } from './items.ts'
import { fieldLabel } from './labels.ts'
import { at, nameOf, type Path } from './path.ts'
import { linesOf, type Part } from './sentence.ts'

/** As in css/narrow.css. */
const NARROW = '(max-width: 859px)'

export function RuleCard({ item, leave }: { item: Item; leave: () => void }) {
  const { book, base, lang, w, edit } = useEditing()
  // On phones it takes the place of a long list.
  useEffect(() => {
    if (matchMedia(NARROW).matches) scrollTo(0, 0)
  }, [item.id])
  const lines = linesOf(item, { book, base, lang })
  const inputs = lines.flat().filter((part): part is Path => typeof part !== 'string')
  const hide = new Set(inputs.map(nameOf))
  const earn = item.paths[0]?.[0] === 'earn'
  // Its switch stands in the head.
  if (earn) for (const name of aside(book, item)) hide.add(name)
  return (
    <div class="col card">
      <div class="ff-card">
        <a class="back" href={hrefOf('rules')}>
          ‹ {w.back}
        </a>
        <h2 class="ff-h rule">
          <span>{item.name[lang]}</span>
          <span class="ff-quiet mono">{item.id}</span>
          <OnOff item={item} />
        </h2>
        {lines.map((line, i) => (
          <p class={lines.length > 1 ? 'sent small' : 'sent'} key={i}>
            {line.map((part, j) => (
              <Piece part={part} key={j} />
            ))}
          </p>
        ))}
        {inputs.map((path) => (
          <Beside path={path} key={nameOf(path)} />
        ))}
        {!item.off || earn ? (
          <div class="form rest">
            {item.paths.map((path) => (
              <Field key={nameOf(path)} path={path} hide={hide} bare={item.paths.length === 1} />
            ))}
          </div>
        ) : null}
        <Seen item={item} />
        {item.removable && (
          <p class="acts">
            <button
              type="button"
              class="ff-btn del"
              onClick={() => {
                leave()
                edit(item.removable ?? [], undefined)
              }}
            >
              {earn ? w.removeRule : w.removeTier}
            </button>
          </p>
        )}
      </div>
      {earn && <Gains path={item.paths[0] ?? []} />}
    </div>
  )
}

function Piece({ part }: { part: Part }) {
  return typeof part === 'string' ? <span>{part}</span> : <Input path={part} />
}

/** What does not fit in the sentence, with the name of the input. */
function Beside({ path }: { path: Path }) {
  const { problems, lang } = useEditing()
  if (!problems.some(({ field }) => field === nameOf(path))) return null
  return (
    <p class="beside">
      {fieldLabel(path, lang)}： <Wrong path={path} />
    </p>
  )
}

/** Fields of an earn rule that stand elsewhere, or say nothing of what it is for. */
function aside(book: Rulebook, { paths: [path = []] }: Item): string[] {
  const rule = book.earn[Number(path[1])]
  const of = (name: string) => nameOf([...path, name])
  return [
    of('enabled'),
    ...(rule?.action === 'watch' || rule?.goal ? [] : [of('goal')]),
    ...(rule?.capPerAward === undefined ? [of('capStage')] : []),
  ]
}

function OnOff({ item }: { item: Item }) {
  const editing = useEditing()
  const { book, w, edit } = editing
  const [path = []] = item.paths
  if (item.optional) return <Presence path={item.optional} label={w.on} />
  if (path[0] !== 'earn') return null
  const where = [...path, 'enabled']
  const on = at(book, where) === true
  return (
    <button
      type="button"
      class={isChanged(editing, where) ? 'ff-switch ch' : 'ff-switch'}
      role="switch"
      aria-checked={on}
      aria-label={w.on}
      onClick={() => edit(where, !on)}
    />
  )
}

function Seen({ item }: { item: Item }) {
  const { book, lang, w } = useEditing()
  const said = spoken(book, lang).filter(({ key }) => saysIt(item, key))
  return (
    <div class="seen">
      <h3 class="ff-h">{w.seen}</h3>
      {said.length === 0 ? (
        <p class="ff-quiet">{w.seenNone}</p>
      ) : (
        said.map(({ key, text }) => <p key={key}>{text}</p>)
      )}
    </div>
  )
}
