/** What the viewer's tier gives and how it is used. */

import { Shape } from '../ui/icons.tsx'
import { tag } from '../ui/shapes.ts'
import type { SheetView } from './sheet-view.ts'
import { rungOf } from './view.ts'

export function Perks({ view }: { view: SheetView }) {
  const { s, lang, model, perks } = view
  const { account, room } = model.state.value
  const list = perks.list.value
  if (!account || !list?.length) return null
  const { rung, boost } = account.tier
  const tier = rungOf(room?.ladder.rungs ?? [], rung + (boost?.rungs ?? 0))?.label[lang] ?? ''
  return (
    <section class="perks">
      <h3 class="sum">{s.perks(tier)}</h3>
      <ul>
        {list.map(({ id, label, how, link, by }) => (
          <li class="li" key={id}>
            <span class="mark" aria-hidden="true">
              <Shape d={tag} />
            </span>
            <div class="mid">
              <div class="t">
                {label[lang]}
                {by === 'dayPass' && <span class="ff-chip on">{s.dayPass}</span>}
              </div>
              <div class="d">
                {how[lang]}
                {link !== undefined && (
                  <>
                    {' '}
                    <a href={link} target="_blank" rel="noopener noreferrer">
                      {s.goThere}
                    </a>
                  </>
                )}
              </div>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
