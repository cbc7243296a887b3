/** The rule book: what holds, rule by rule, and the draft of what comes next. */

import { useEffect, useMemo } from 'preact/hooks'
import type { PublishedRulebook } from '../../../shared/rulebook/schema.ts'
import { hrefOf } from '../address.ts'
import { useDesk } from '../desk.ts'
import { Quiet, Unread } from '../Strip.tsx'
import './rules.css'
import { draftKnown } from './badge.ts'
import { differences } from './compare.ts'
import { type Editing, HISTORY, placeIn, WithEditing, wordsOf } from './context.ts'
import { HistoryPage } from './History.tsx'
import { itemsOf } from './items.ts'
import { RuleCard } from './RuleCard.tsx'
import { RuleList } from './RuleList.tsx'
import { Side } from './Side.tsx'
import type { Shape } from './shape.ts'
import { createRules, type Rules } from './store.ts'

export function Page({ rest: [first, ...rest] }: { rest: string[] }) {
  const { api, runtime, me } = useDesk()
  const rules = useMemo(() => createRules(api, runtime, me.id), [api, runtime, me.id])
  useEffect(() => () => rules.stop(), [rules])
  useUnsavedGuard(rules)
  draftKnown.value = rules.draft.value !== undefined
  const force = rules.force.value
  const form = rules.form.value
  if (!force || !form)
    return (
      <Unread
        polled={{ data: undefined, failure: rules.failure.value, again: () => void rules.look() }}
      />
    )
  if (first === HISTORY)
    return <HistoryPage force={force} coming={rules.coming.value} look={rules.look} rest={rest} />
  return <Book rules={rules} force={force} form={form} chosen={first} />
}

/** What is not kept by the service yet would be lost with the page. */
function useUnsavedGuard(rules: Rules): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (rules.keeping.peek() !== 'kept') event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [rules])
}

interface BookProps {
  rules: Rules
  force: PublishedRulebook
  form: Shape
  chosen: string | undefined
}

function Book({ rules, force, form, chosen }: BookProps) {
  const { lang, nav } = useDesk()
  const w = wordsOf(lang)
  const book = rules.book.value ?? force.book
  const editing: Editing = {
    lang,
    w,
    form,
    book,
    base: force.book,
    inBase: placeIn(force.book, book),
    problems: rules.checked.value.problems,
    edit: rules.edit,
  }
  const items = itemsOf(book, form)
  // On phones the list comes first, and nothing is chosen.
  const shown = items.find(({ id }) => id === chosen) ?? items[0]
  const said = differences(force.book, book, lang)
  return (
    <WithEditing value={editing}>
      <div class="head">
        <h1>{w.title}</h1>
        <span class="ff-chip on ff-n">{w.live(force.version)}</span>
        {rules.draft.value && <span class="ff-chip warn ff-n">{w.drafted(said.length)}</span>}
        <span class="sp" />
        <a class="ff-btn" href={hrefOf('rules', HISTORY)}>
          {w.history}
        </a>
      </div>
      <div class={`rb${chosen === undefined ? '' : ' open'}${rules.draft.value ? ' drafted' : ''}`}>
        <RuleList items={items} shown={shown} rules={rules} go={(id) => nav.go('rules', id)} />
        {shown ? (
          <RuleCard key={shown.id} item={shown} leave={() => nav.go('rules')} />
        ) : (
          <Quiet>{w.none}</Quiet>
        )}
        <Side rules={rules} force={force} said={said} items={items} />
      </div>
    </WithEditing>
  )
}
