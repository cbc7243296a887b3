/** A new earn rule: what is done, and the id it keeps for ever. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import type { Action } from '../../../shared/receipt.ts'
import { ACTION_LABELS } from '../../../shared/rulebook/labels.ts'
import { Dialog } from '../Dialog.tsx'
import { useEditing } from './context.ts'
import type { Rules } from './store.ts'

const ID = /^[a-z][a-z0-9_]{0,31}$/
/** Of the schema. */
const NUMBER_MAX = 199
/** Purchases come in fen; one unit is one yuan. */
const YUAN = 100

interface NewRuleProps {
  rules: Rules
  close: () => void
  made: (id: string) => void
}

export function NewRule({ rules, close, made }: NewRuleProps) {
  const { book, lang, w, edit } = useEditing()
  const action = useSignal<Action>('like')
  const id = useSignal('')
  const ids = book.earn.map((rule) => rule.id)
  const free = (wanted: string): string => {
    let n = 1
    while (ids.includes(n === 1 ? wanted : `${wanted}_${n}`)) n += 1
    return n === 1 ? wanted : `${wanted}_${n}`
  }
  const name = id.value || free(action.value)
  const no = Math.max(rules.nextNo.value, ...book.earn.map((rule) => rule.no + 1))
  const why = ids.includes(name) ? w.idTaken : ID.test(name) ? undefined : w.idHint
  const leave = useCallback(close, [])
  const create = () => {
    edit(['earn', book.earn.length], {
      id: name,
      no,
      action: action.value,
      enabled: true,
      points: 1,
      growth: 0,
      per: action.value === 'purchase' ? YUAN : 1,
      bucket: 'spendable',
      ...(action.value === 'watch' && { goal: { mode: 'continuous', minutes: 10 } }),
      caps: {},
      capStage: 'afterMultiplier',
    })
    close()
    made(name)
  }
  return (
    <Dialog
      title={w.newRule}
      close={leave}
      act={{ label: w.create, run: create, disabled: why !== undefined || no > NUMBER_MAX }}
    >
      <p class="ff-quiet">{w.newRuleWhat}</p>
      <label class="fld">
        {w.action}
        <select
          data-first
          value={action.value}
          onChange={({ currentTarget }) => {
            action.value = currentTarget.value as Action
          }}
        >
          {(Object.keys(ACTION_LABELS) as Action[]).map((one) => (
            <option key={one} value={one}>
              {ACTION_LABELS[one][lang]}
            </option>
          ))}
        </select>
      </label>
      <label class={why ? 'fld wrong' : 'fld'}>
        {w.id}
        <input
          class="mono"
          value={name}
          spellcheck={false}
          autocomplete="off"
          onInput={({ currentTarget }) => {
            id.value = currentTarget.value
          }}
        />
        <small>{no > NUMBER_MAX ? w.full : (why ?? w.idHint)}</small>
      </label>
    </Dialog>
  )
}
