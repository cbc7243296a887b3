/** What lies at the point today and tomorrow, and what of it was handed out. */

import { signal } from '@preact/signals'
import { groupedCode } from '../../shared/pickup.ts'
import type { PickupLine } from '../../shared/rewards.ts'
import { momentOf } from '../rewards/moments.ts'
import { Shape } from '../ui/icons.tsx'
import { check, search } from '../ui/shapes.ts'
import type { Desk } from './desk.ts'

/** What is looked for. */
const sought = signal('')
/** The code whose button was tapped once. */
const armed = signal<string | undefined>(undefined)

export function List({ desk }: { desk: Desk }) {
  const { model, t } = desk
  const all = model.lines.value
  const needle = sought.value.toUpperCase().replaceAll(' ', '')
  const lines = all.filter(
    ({ code, title, name }) =>
      needle === '' ||
      code.includes(needle) ||
      [title.zh, title.en, name ?? ''].some((text) => text.toUpperCase().includes(needle)),
  )
  const left = all.filter(({ state }) => state === 'issued').length
  const days = [
    [model.today.value, t.today],
    [model.tomorrow.value, t.tomorrow],
  ] as const
  return (
    <section class="list">
      <div class="days" role="tablist" aria-label={t.title}>
        {days.map(([day, name]) => (
          <button
            key={day}
            type="button"
            role="tab"
            aria-selected={model.day.value === day}
            onClick={() => {
              model.day.value = day
            }}
          >
            {name}
          </button>
        ))}
        <span class="ff-muted">{t.left(left)}</span>
      </div>
      <label class="seek">
        <Shape d={search} />
        <input
          type="search"
          value={sought.value}
          placeholder={t.search}
          aria-label={t.search}
          onInput={({ currentTarget }) => {
            sought.value = currentTarget.value
          }}
        />
      </label>
      {lines.length === 0 && (
        <p class="hint">{!model.point.value ? t.unread : needle ? t.nothingFound : t.nothing}</p>
      )}
      <ul>
        {lines.map((line) => (
          <Line key={line.code} desk={desk} line={line} />
        ))}
      </ul>
    </section>
  )
}

/** Handed out at the second tap: the first one arms the button. */
function Line({ desk: { model, t, lang, nowMs }, line }: { desk: Desk; line: PickupLine }) {
  const { code, title, name, state, usedAtMs } = line
  return (
    <li class={state}>
      <span class="mid">
        <b>{title[lang]}</b>
        <small>
          <span class="ff-n">{groupedCode(code)}</span>
          {name && (
            <>
              {' · '}
              <bdi>{name}</bdi>
            </>
          )}
        </small>
      </span>
      {state === 'used' ? (
        <small class="done">
          <Shape d={check} />
          {usedAtMs === undefined ? t.doneShort : t.done(momentOf(usedAtMs, nowMs(), lang))}
        </small>
      ) : (
        <button
          type="button"
          class={`ff-btn sm ff-hit ${armed.value === code ? 'pri' : 'soft'}`}
          aria-label={`${armed.value === code ? t.sure : t.hand} ${title[lang]} ${code}`}
          onClick={() => {
            if (armed.value !== code) {
              armed.value = code
              return
            }
            armed.value = undefined
            void model.hand(code)
          }}
        >
          {armed.value === code ? t.sure : t.hand}
        </button>
      )}
    </li>
  )
}
