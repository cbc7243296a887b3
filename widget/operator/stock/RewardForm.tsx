/** A reward is made or changed: the service decides whether it fits, and its word stands at the field it is about. */

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { impliedValue, PAYS, REWARD_KINDS } from '../../../shared/rewards.ts'
import { type Answer, path } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { HOUSE_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { type Draft, docOf, draftOf, FIELDS, priceOf } from './draft.ts'
import type { Listed } from './listed.ts'
import { ValueLine } from './Value.tsx'
import { WORDS } from './words.ts'

interface FormProps {
  /** Absent where it is a new one. */
  reward?: Listed
  close: () => void
}

/** What a field is told: its value, how to change it, and what the service said of it. */
interface Pen {
  draft: Draft
  write(change: Partial<Draft>): void
  /** Of the field, where it does not fit. */
  wrong(field: keyof Draft): string | undefined
  isNew: boolean
}

const ID = /^[A-Za-z0-9_-]{1,64}$/

export function RewardForm({ reward, close }: FormProps) {
  const { api, lang, house, say } = useDesk()
  const w = WORDS[lang]
  const timeZone = house.facts.data.value?.timeZone ?? 'UTC'
  const draft = useSignal(draftOf(reward, timeZone))
  const doing = useDoing()
  const noId = !reward && !ID.test(draft.value.id)
  const tried = useSignal(false)
  const { failure } = doing
  const told = failure?.field ?? (tried.value && noId ? 'reward' : undefined)
  const field = told === undefined ? undefined : (FIELDS[told] ?? FIELDS[told.split('.')[0] ?? ''])
  const pen: Pen = {
    draft: draft.value,
    isNew: !reward,
    write: (change) => {
      draft.value = { ...draft.value, ...change }
      doing.forget()
    },
    wrong: (name) =>
      name === field
        ? (w.wrong[told === 'reward' ? 'id' : (told ?? '')] ?? w.wrongHere)
        : undefined,
  }
  const form = useRef<HTMLDivElement>(null)
  // What does not fit may be out of sight.
  useEffect(() => {
    if (field !== undefined)
      form.current?.querySelector<HTMLElement>('.wrong :is(input, select)')?.focus()
  }, [field, failure])
  const save = async () => {
    tried.value = true
    if (noId) return
    const { id } = draft.value
    const doc = docOf(draft.value, reward?.doc, timeZone)
    const done = await doing.run(
      JSON.stringify(doc),
      (): Promise<Answer<{ reward: Listed }>> => api.post(path('rewards', id), doc),
    )
    if (!done) return
    say(w.didSave(done.reward.doc.title[lang]))
    house.shelf.again()
    close()
  }
  return (
    <Dialog
      wide
      title={reward ? `${w.edit} · ${reward.doc.title[lang]}` : w.createTitle}
      close={close}
      act={{ label: reward ? w.save : w.create, run: () => void save(), disabled: doing.busy }}
    >
      <div class="form" ref={form}>
        <Names pen={pen} />
        <Price pen={pen} />
        <StockFields pen={pen} />
        <Limits pen={pen} />
        <Delivery pen={pen} />
        <Times pen={pen} timeZone={timeZone} />
      </div>
      {failure && field === undefined && <Refused failure={failure} />}
    </Dialog>
  )
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

function Text({ pen, name, label, hint, type = 'text', first, disabled }: TextProps) {
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

function Choice({ pen, name, label, options, disabled }: ChoiceProps) {
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

const Group = ({ children }: { children: ComponentChildren }) => <div class="grp">{children}</div>

function Names({ pen }: { pen: Pen }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { fields } = w
  return (
    <Group>
      {pen.isNew && <Text pen={pen} name="id" label={fields.id} hint={w.hints.id} first />}
      <Choice
        pen={pen}
        name="kind"
        label={fields.kind}
        options={REWARD_KINDS.map((kind) => [kind, w.kinds[kind]])}
      />
      <Text pen={pen} name="titleZh" label={fields.titleZh} first={!pen.isNew} />
      <Text pen={pen} name="titleEn" label={fields.titleEn} />
      <Text pen={pen} name="noteZh" label={fields.noteZh} />
      <Text pen={pen} name="noteEn" label={fields.noteEn} />
    </Group>
  )
}

function Price({ pen }: { pen: Pen }) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const { fields } = w
  const price = priceOf(pen.draft)
  const facts = house.facts.data.value
  return (
    <Group>
      <Text pen={pen} name="points" label={fields.points} type="number" />
      <Text pen={pen} name="cash" label={fields.cash} type="number" />
      <Text pen={pen} name="worth" label={fields.worth} type="number" />
      <Choice
        pen={pen}
        name="pay"
        label={fields.pay}
        options={PAYS.map((pay) => [pay, w.pays[pay]])}
      />
      {price && facts && (
        <ValueLine value={impliedValue(price, price.worthFen, facts.pointValueFen)} />
      )}
    </Group>
  )
}

const STOCKS = ['fixed', 'weekly', 'endless'] as const

function StockFields({ pen }: { pen: Pen }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { fields } = w
  const counted = pen.draft.stockKind !== 'endless'
  return (
    <Group>
      <Choice
        pen={pen}
        name="stockKind"
        label={fields.stock}
        options={STOCKS.map((kind) => [kind, w.stocks[kind]])}
        disabled={!pen.isNew}
      />
      {counted && (
        <Text
          pen={pen}
          name="pieces"
          label={fields.stockPieces}
          type="number"
          hint={w.hints.stockOnce}
          disabled={!pen.isNew}
        />
      )}
      {counted && <Text pen={pen} name="lowStock" label={fields.lowStock} type="number" />}
    </Group>
  )
}

function Limits({ pen }: { pen: Pen }) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const { fields } = w
  const rungs = house.facts.data.value?.rungs ?? []
  return (
    <Group>
      <Text pen={pen} name="ever" label={fields.limitEver} type="number" hint={w.hints.empty} />
      <Text pen={pen} name="perDay" label={fields.limitDay} type="number" />
      <Text pen={pen} name="perWeek" label={fields.limitWeek} type="number" />
      <Choice
        pen={pen}
        name="tier"
        label={fields.tier}
        options={[
          ['', w.anyTier],
          ...rungs.map(({ label }, rung): [string, string] => [String(rung), label[lang]]).slice(1),
        ]}
      />
      <Text pen={pen} name="lives" label={fields.lives} type="number" />
      <Text pen={pen} name="cancelWithinMin" label={fields.cancelWithinMin} type="number" />
    </Group>
  )
}

const DELIVERIES = ['pickup', 'code', 'none'] as const

interface Point {
  id: string
  name: { zh: string; en: string }
}

function Delivery({ pen }: { pen: Pen }) {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const { fields } = w
  const points = usePolled(
    'points',
    () => api.get<{ points: Point[] }>('/v1/pickup/points'),
    HOUSE_EVERY_MS,
  )
  const { delivery, pickup } = pen.draft
  const wrong = pen.wrong('pickup')
  return (
    <Group>
      <Choice
        pen={pen}
        name="delivery"
        label={fields.delivery}
        options={DELIVERIES.map((one) => [one, w.deliveries[one]])}
      />
      {delivery === 'pickup' && (
        <Text pen={pen} name="pickupAfterDays" label={fields.pickupAfterDays} type="number" />
      )}
      <Text pen={pen} name="link" label={fields.link} />
      {delivery === 'pickup' && (
        <fieldset class={wrong ? 'fld wrong ticks' : 'fld ticks'}>
          <legend>{fields.pickup}</legend>
          {(points.data?.points ?? []).map(({ id, name }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={pickup.includes(id)}
                onChange={({ currentTarget }) =>
                  pen.write({
                    pickup: currentTarget.checked
                      ? [...pickup, id]
                      : pickup.filter((one) => one !== id),
                  })
                }
              />
              {name[lang]}
            </label>
          ))}
          {wrong && <small>{wrong}</small>}
        </fieldset>
      )}
    </Group>
  )
}

function Times({ pen, timeZone }: { pen: Pen; timeZone: string }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { fields } = w
  return (
    <Group>
      <Text
        pen={pen}
        name="opens"
        label={fields.opens}
        type="datetime-local"
        hint={w.hints.zone(timeZone)}
      />
      <Text pen={pen} name="closes" label={fields.closes} type="datetime-local" />
      <label class="fld tick">
        <input
          type="checkbox"
          checked={pen.draft.flash}
          onChange={({ currentTarget }) => pen.write({ flash: currentTarget.checked })}
        />
        {fields.flash}
      </label>
    </Group>
  )
}
