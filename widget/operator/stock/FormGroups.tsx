/** The form of a reward, by what its fields are about. */

import { impliedValue, PAYS, REWARD_KINDS } from '../../../shared/rewards.ts'
import { useDesk } from '../desk.ts'
import { HOUSE_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { priceOf } from './draft.ts'
import { Choice, Group, type Pen, Text } from './FormFields.tsx'
import { ValueLine } from './Value.tsx'
import { WORDS } from './words.ts'

export function Names({ pen }: { pen: Pen }) {
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

export function Price({ pen }: { pen: Pen }) {
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

export function StockFields({ pen }: { pen: Pen }) {
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

export function Limits({ pen }: { pen: Pen }) {
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

export function Delivery({ pen }: { pen: Pen }) {
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

export function Times({ pen, timeZone }: { pen: Pen; timeZone: string }) {
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
