/** How the rung is kept: what is missing and until when; told over the picture once its loss was told. */

import type { TierKeep } from '../../shared/account-state.ts'
import { dateOf } from '../rewards/moments.ts'
import { Shape } from '../ui/icons.tsx'
import { formatPoints } from '../ui/lang.ts'
import { x } from '../ui/shapes.ts'
import { TierBadge } from '../ui/tier-badge.tsx'
import type { SheetView } from './sheet-view.ts'
import { rungOf } from './view.ts'

interface Facts {
  rung: number
  name: string
  /** `120 more growth by 3 May`, or until when it is kept. */
  todo: string
  /** What it becomes otherwise; only where its loss was told and may still come. */
  otherwise: string | undefined
}

function factsOf(view: SheetView, keep: TierKeep | undefined): Facts | undefined {
  const { s, lang, model } = view
  const { account, room } = model.state.value
  if (!keep || !account || !room) return undefined
  const { rung, growth } = account.tier
  const { rungs } = room.ladder
  const name = rungOf(rungs, rung)?.label[lang] ?? ''
  const missing = keep.growth - growth
  // Midnight is the end of the day before.
  const day = dateOf(keep.untilMs - 1, lang)
  const below = rungs[rung - 1]?.label[lang]
  return {
    rung,
    name,
    todo: missing > 0 ? s.keepTodo(formatPoints(missing), day) : s.keepDone(day),
    otherwise: keep.warned && missing > 0 && below ? s.keepElse(below) : undefined,
  }
}

/** In the sheet. */
export function Keep({ view }: { view: SheetView }) {
  const { model, perks, s } = view
  const facts = factsOf(view, model.state.value.account?.tier.keep ?? perks.keep.value)
  if (!facts) return null
  const { rung, name, todo, otherwise } = facts
  return (
    <section class={otherwise ? 'keep warned' : 'keep'} aria-label={s.keep(name)}>
      <TierBadge rung={rung} />
      <p>
        <b>{s.keep(name)}</b>
        <span class="num">{todo}</span>
        {otherwise && <span>{otherwise}</span>}
      </p>
    </section>
  )
}

/** Over the picture, once, while the sheet is closed. */
export function KeepNote({ view }: { view: SheetView }) {
  const { model, panel, perks, shop, s, r } = view
  const keep = model.state.value.account?.tier.keep
  const facts = keep && perks.told.value !== keep.untilMs ? factsOf(view, keep) : undefined
  const busy = panel.value || model.paid.value || shop.ending.value || shop.burnTold.value
  if (!keep || !facts?.otherwise || busy || model.celebration.value !== undefined) return null
  const end = () => perks.tell(keep.untilMs)
  return (
    <section class="paid keeping ff-glass" part="tier-warning">
      <p>
        <b>{s.keep(facts.name)}</b>
        <span>
          {facts.todo} · {facts.otherwise}
        </span>
      </p>
      <button
        type="button"
        class="ff-btn pri sm ff-hit"
        onClick={() => {
          end()
          panel.value = 'today'
        }}
      >
        {s.keepHow}
      </button>
      <button type="button" class="ib" aria-label={r.close} onClick={end}>
        <Shape d={x} />
      </button>
    </section>
  )
}
