/** Several viewers that one text can mean: who it is decides whoever asked. */

import { hrefOf } from '../address.ts'
import { useDesk } from '../desk.ts'
import { dateOf } from '../time.ts'
import type { Choice as Found } from './find.ts'
import { WORDS } from './words.ts'

interface ChoiceProps {
  text: string
  choice: Found
  made: () => void
}

export function Choice({ text, choice: { all, more }, made }: ChoiceProps) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  return (
    <section class="ff-card choice" aria-label={w.several(text, all.length)}>
      <h2 class="ff-h">{w.several(text, all.length)}</h2>
      <p class="ff-quiet">{w.severalWhy}</p>
      <ul class="rows">
        {all.map(({ number, viewer, name, sinceMs }) => (
          <li key={number}>
            <a href={hrefOf('viewers', number)} onClick={made}>
              <span class="m">
                <b>
                  <bdi>{name ?? viewer ?? number}</bdi>
                </b>
                <small>
                  {viewer && `${w.viewer} ${viewer} · `}
                  {w.account} <span class="mono">{number.toUpperCase()}</span>
                </small>
              </span>
              {sinceMs ? <small class="ff-muted">{w.since(dateOf(sinceMs, reader))}</small> : null}
            </a>
          </li>
        ))}
      </ul>
      {more && <p class="ff-quiet">{w.severalMore}</p>}
    </section>
  )
}
