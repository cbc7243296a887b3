/** Which segments the viewer is in and why, and when and where the viewer watches most. */

import { path } from '../api.ts'
import { useDesk } from '../desk.ts'
import { SEGMENTS_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { Quiet } from '../Strip.tsx'
import type { ViewerSegments } from '../segments/read.ts'
import { WORDS } from '../segments/words.ts'
import { byNumber } from './read.ts'
import { SAID } from './reply-words.ts'

export function Belongs({ number }: { number: string }) {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const { data } = usePolled(
    `segments ${number}`,
    () => api.get<ViewerSegments>(path('accounts', byNumber(number), 'segments')),
    SEGMENTS_EVERY_MS,
  )
  if (!data) return null
  const { list } = SAID[lang]
  return (
    <section class="ff-card" aria-label={w.of}>
      <h2 class="ff-h">{w.of}</h2>
      {data.segments.length === 0 && <Quiet>{w.ofNone}</Quiet>}
      <ul class="rows">
        {data.segments.map(({ id, label, why }) => (
          <li key={id} data-segment={id}>
            <span class="m">
              <b>{label[lang]}</b>
              <small>{why[lang]}</small>
            </span>
          </li>
        ))}
      </ul>
      {data.hours.length > 0 && (
        <p class="ff-muted">
          {w.hours} {data.hours.map(w.hour).join(list)}
        </p>
      )}
      {data.rooms.length > 0 && (
        <p class="ff-muted">
          {w.rooms} {data.rooms.map(({ id }) => id).join(list)}
        </p>
      )}
    </section>
  )
}
