/** Beside the rule: what the draft changes, what to put right or think over, and publishing it. */

import { useSignal } from '@preact/signals'
import type { Change } from '../../../shared/rulebook/changes.ts'
import type { PublishedRulebook } from '../../../shared/rulebook/schema.ts'
import { wallMs } from '../../client/runtime.ts'
import { Icon } from '../../ui/index.ts'
import { Press } from '../../ui/press.tsx'
import { hrefOf } from '../address.ts'
import { useDesk } from '../desk.ts'
import { momentOf } from '../time.ts'
import { Coming } from './Coming.tsx'
import { useEditing } from './context.ts'
import { Diff } from './Diff.tsx'
import { DryRun } from './dry-run/DryRun.tsx'
import { DRY_WORDS } from './dry-run/words.ts'
import { type Item, itemAt } from './items.ts'
import { fieldLabel } from './labels.ts'
import { Discard, Publish } from './Publish.tsx'
import type { Rules } from './store.ts'
import { Versions } from './Versions.tsx'

interface SideProps {
  rules: Rules
  force: PublishedRulebook
  said: readonly Change[]
  items: readonly Item[]
}

export function Side({ rules, force, said, items }: SideProps) {
  const { lang, w } = useEditing()
  const draft = rules.draft.value
  const dirty = draft !== undefined || rules.keeping.value !== 'kept'
  const { warnings } = rules.checked.value
  return (
    <div class="col side-b">
      <div class="ff-card">
        <h2 class="ff-h">{w.changes}</h2>
        {dirty && <Kept rules={rules} />}
        {rules.keeping.value === 'clash' && <Clash rules={rules} />}
        {draft && draft.basis !== force.version && (
          <p class="note w">
            <span>{w.moved(force.version, draft.basis)}</span>
            <button type="button" class="ff-btn" onClick={() => void rules.carry()}>
              {w.carry(force.version)}
            </button>
          </p>
        )}
        <Problems items={items} />
        {said.length === 0 ? (
          <p class="ff-quiet none">{w.none}</p>
        ) : (
          <Diff changes={said} lang={lang} />
        )}
        {warnings.map(({ code, text }) => (
          <p class="note w" key={code}>
            <Icon name="warn" />
            <span>{text[lang]}</span>
          </p>
        ))}
        {dirty && (
          <>
            <p class="note k">
              <Icon name="check" />
              <span>{w.untouched}</span>
            </p>
            <Decide rules={rules} force={force} said={said} />
          </>
        )}
      </div>
      <Coming coming={rules.coming.value} look={rules.look} />
      <Versions force={force} coming={rules.coming.value} />
    </div>
  )
}

function Decide({ rules, force, said }: Omit<SideProps, 'items'>) {
  const { w, lang } = useEditing()
  const { me } = useDesk()
  const open = useSignal<'publish' | 'discard' | 'try' | undefined>(undefined)
  const draft = rules.draft.value
  const mine = rules.reviewed.value && draft?.by === me.id
  const sound =
    rules.keeping.value === 'kept' &&
    draft !== undefined &&
    rules.checked.value.problems.length === 0
  const ready = sound && draft.basis === force.version
  const close = () => {
    open.value = undefined
  }
  return (
    <>
      {rules.reviewed.value && draft && (
        <p class="ff-quiet">
          {w.review} {mine ? w.reviewMine : w.reviewTheirs(draft.by)}
        </p>
      )}
      <p class="acts">
        <Press
          class="ff-btn pri"
          off={!ready || mine}
          onClick={() => {
            open.value = 'publish'
          }}
        >
          {rules.reviewed.value ? w.approve : w.publish}
        </Press>
        <Press
          class="ff-btn"
          off={!sound}
          onClick={() => {
            open.value = 'try'
          }}
        >
          {DRY_WORDS[lang].open}
        </Press>
        <button
          type="button"
          class="ff-btn"
          onClick={() => {
            open.value = 'discard'
          }}
        >
          {w.discard}
        </button>
      </p>
      {open.value === 'publish' && draft && (
        <Publish
          rules={rules}
          revision={draft.revision}
          noticeDays={noticeOf(rules, force)}
          said={said}
          close={close}
        />
      )}
      {open.value === 'try' && draft && <DryRun revision={draft.revision} close={close} />}
      {open.value === 'discard' && <Discard rules={rules} close={close} />}
    </>
  )
}

/** Days before the draft may hold, where points buy less by it. */
const noticeOf = (rules: Rules, force: PublishedRulebook): number =>
  rules.checked.value.warnings.some(({ code }) => code === 'value-cut')
    ? force.book.redemption.noticeDays
    : 0

/** Whether the service has it, and whose change it was. */
function Kept({ rules }: { rules: Rules }) {
  const { w, lang } = useEditing()
  const { house } = useDesk()
  const state = rules.keeping.value
  const draft = rules.draft.value
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  return (
    <p class={state === 'failed' || state === 'clash' ? 'ff-quiet bad' : 'ff-quiet'}>
      <span role="status">{w.keeping[state]}</span>
      {state === 'kept' && draft && (
        <> · {w.by(draft.by, momentOf(draft.savedAtMs, wallMs(), reader))}</>
      )}
    </p>
  )
}

function Clash({ rules }: { rules: Rules }) {
  const { w } = useEditing()
  return (
    <div class="note w" role="alert">
      <span>{w.clash}</span>
      <button type="button" class="ff-btn" onClick={() => rules.settle('theirs')}>
        {w.theirs}
      </button>
      <button type="button" class="ff-btn" onClick={() => rules.settle('mine')}>
        {w.mine}
      </button>
    </div>
  )
}

/** What keeps it from being published, each with the way to its place. */
function Problems({ items }: { items: readonly Item[] }) {
  const { problems, lang, w } = useEditing()
  if (problems.length === 0) return null
  return (
    <div class="wrongs">
      <p>{w.problems(problems.length)}</p>
      <ul>
        {problems.map(({ field, text }) => {
          const item = itemAt(items, field)
          const label = fieldLabel(
            field.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
            lang,
          )
          return (
            <li key={field}>
              {item ? <a href={hrefOf('rules', item.id)}>{item.name[lang]}</a> : field} · {label}：
              {text[lang]}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
