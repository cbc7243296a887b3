/** Where points come from and go to, and who redeems in the lives. */

import { useSignal } from '@preact/signals'
import { ACTION_LABELS } from '../../../shared/rulebook/labels.ts'
import { formatPoints } from '../../ui/index.ts'
import type { Lang } from '../../ui/lang.ts'
import { useDesk } from '../desk.ts'
import { Columns } from '../Head.tsx'
import { Quiet } from '../Strip.tsx'
import { byName, type Day, type Live, percent } from './read.ts'
import { WORDS } from './words.ts'

/** Lives that are shown at first. */
const LIVES_SHOWN = 20

function nameOf(name: string, lang: Lang): string {
  if (name in ACTION_LABELS) return ACTION_LABELS[name as keyof typeof ACTION_LABELS][lang]
  return WORDS[lang].names[name] ?? name
}

export function Names({ days, of }: { days: readonly Day[]; of: 'issued' | 'spent' }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const title = of === 'issued' ? w.from : w.to
  const all = byName(days, of)
  const total = all.reduce((sum, { points }) => sum + points, 0)
  return (
    <section class="ff-card" aria-label={title}>
      <h2 class="ff-h">{title}</h2>
      {all.length === 0 && <Quiet>{w.nothing}</Quiet>}
      {all.length > 0 && (
        <ul class="shares">
          {all.map(({ name, points }) => (
            <li key={name}>
              <span>{nameOf(name, lang)}</span>
              <span class="ff-bar" style={`--v:${(100 * points) / total}`} aria-hidden="true" />
              <b class="ff-n">{formatPoints(points)}</b>
              <span class="ff-n ff-muted">{percent(points / total)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

export function Lives({ lives }: { lives: readonly Live[] }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const all = useSignal(false)
  const newest = lives.toReversed()
  const shown = all.value ? newest : newest.slice(0, LIVES_SHOWN)
  const hidden = newest.length - shown.length
  return (
    <section class="ff-card perlive" aria-label={w.lives}>
      <h2 class="ff-h">{w.lives}</h2>
      {lives.length === 0 && <Quiet>{w.livesNone}</Quiet>}
      {lives.length > 0 && (
        <table>
          <Columns names={w.livesHead} />
          <tbody>
            {shown.map(({ date, live, room, viewers, redeemers, spent }) => (
              <tr key={`${date} ${live}`}>
                <td class="ff-n">{date.slice(5)}</td>
                <td dir="auto">{room ?? `#${live}`}</td>
                <td class="r ff-n">{formatPoints(viewers)}</td>
                <td class="r ff-n">{formatPoints(redeemers)}</td>
                <td class="r ff-n">
                  <b>{viewers > 0 ? percent(redeemers / viewers) : w.unknown}</b>
                </td>
                <td class="r ff-n">{formatPoints(spent)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hidden > 0 && (
        <button
          type="button"
          class="ff-btn more"
          onClick={() => {
            all.value = true
          }}
        >
          {w.more(hidden)}
        </button>
      )}
    </section>
  )
}
