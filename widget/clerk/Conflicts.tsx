/** What a phone without network handed out that it should not have. */

import { groupedCode } from '../../shared/pickup.ts'
import { momentOf } from '../rewards/moments.ts'
import { Shape } from '../ui/icons.tsx'
import { warn } from '../ui/shapes.ts'
import { type Desk, titleOf } from './desk.ts'
import type { Conflict } from './kept.ts'

function conflictWords(one: Conflict, { t, lang, nowMs }: Desk): string {
  const when = (atMs: number) => momentOf(atMs, nowMs(), lang)
  if (one.why === 'closed') return t.conflictClosed(when(one.atMs))
  if (one.why === 'unknown' || !one.first) return t.conflictUnknown(when(one.atMs))
  return t.conflictUsed(one.first.clerk, when(one.first.atMs), when(one.atMs))
}

export function Conflicts({ desk }: { desk: Desk }) {
  const { model, t, lang } = desk
  const all = model.conflicts.value
  if (all.length === 0) return null
  return (
    <section class="conflicts" role="status">
      <h2>
        <Shape d={warn} />
        {t.conflicts}
      </h2>
      <ul>
        {all.map((one) => (
          <li key={one.useId}>
            <span class="mid">
              <b>
                {titleOf(one.title, lang)} <span class="ff-n">{groupedCode(one.short)}</span>
              </b>
              <small>{conflictWords(one, desk)}</small>
            </span>
            <button
              type="button"
              class="ff-btn sm ghost ff-hit"
              onClick={() => model.dismiss(one.useId)}
            >
              {t.seen}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
