/** What a rule pays on each tier, before and after: worked out from the book, not guessed from people. */

import { plain } from '../../../shared/rulebook/labels.ts'
import { TierBadge } from '../../ui/index.ts'
import { useEditing } from './context.ts'
import { gainsOf, SAMPLE_YUAN } from './gains.ts'
import { at, type Path } from './path.ts'

type Pair = { before: number; after: number }

export function Gains({ path }: { path: Path }) {
  const { book, base, lang, w } = useEditing()
  const id = String(at(book, [...path, 'id']))
  const rule = book.earn[Number(path[1])]
  // Half-typed numbers pay nothing that could be shown.
  if (!rule || typeof rule.points !== 'number' || typeof rule.per !== 'number') return null
  const gains = rule.points > 0 ? gainsOf(base, book, id) : undefined
  if (!gains) return null
  const top = book.heat.levels.at(-1)
  const hot = gains.some(({ calm, hottest }) => hottest.after !== calm.after)
  return (
    <div class="ff-card">
      <h2 class="ff-h">
        <span>{rule.action === 'purchase' ? w.gainsOf(SAMPLE_YUAN) : w.gains}</span>
        <span class="ff-quiet">{w.gainsHow}</span>
      </h2>
      <table class="gains">
        <thead>
          <tr>
            <th>{w.tier}</th>
            <th class="r">{hot ? w.calm : ''}</th>
            {hot && <th class="r">{w.hottest(top?.label[lang] ?? '')}</th>}
          </tr>
        </thead>
        <tbody>
          {gains.map(({ rung, calm, hottest }) => (
            <tr key={rung}>
              <td>
                <span class="ti">
                  <TierBadge rung={rung} />
                  {book.ladder.rungs[rung]?.label[lang]}
                </span>
              </td>
              <td class="r">
                <Moved {...calm} />
              </td>
              {hot && (
                <td class="r">
                  <Moved {...hottest} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Moved({ before, after }: Pair) {
  const { w } = useEditing()
  if (before === after) return <span class="ff-n">{plain(after / 1000)}</span>
  return (
    <span class="ff-n">
      <span class="ff-sr">{w.before} </span>
      <s>{plain(before / 1000)}</s> → <span class="ff-sr">{w.after} </span>
      <b>{plain(after / 1000)}</b>
    </span>
  )
}
