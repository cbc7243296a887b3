/** Who viewers are by what they do: segments with their size, who is in them and what follows, and offers. */

import { formatPoints } from '../../ui/index.ts'
import { hrefOf } from '../address.ts'
import { useDesk } from '../desk.ts'
import { SEGMENTS_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import type { Segments } from './read.ts'
import './segments.css'
import { WORDS } from './words.ts'

export function Page(_: { rest: string[] }) {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const read = usePolled('segments', () => api.get<Segments>('/v1/segments'), SEGMENTS_EVERY_MS)
  const { data } = read
  return (
    <>
      <div class="head">
        <h1>{w.title}</h1>
        <span class="ff-muted">{w.lead}</span>
        <span class="sp" />
        <a class="ff-btn" href={hrefOf('rules')}>
          {w.edit}
        </a>
      </div>
      <Unread polled={read} />
      {data?.segments.length === 0 && <Quiet>{w.none}</Quiet>}
      <ul class="segs">
        {data?.segments.map((segment) => (
          <li key={segment.id} class="ff-card seg" data-segment={segment.id}>
            <div class="n">
              <b class="ff-n">{formatPoints(segment.size)}</b> {w.people}
            </div>
            <div>
              <h2>{segment.label[lang]}</h2>
              <p class="ff-muted">{segment.who[lang]}</p>
              <Follows all={segment.follows.map((one) => one[lang])} none={w.nothing} />
            </div>
          </li>
        ))}
      </ul>
      {data && (
        <section class="ff-card" aria-label={w.offers}>
          <h2 class="ff-h">{w.offers}</h2>
          {data.offers.length === 0 && <Quiet>{w.offersNone}</Quiet>}
          <ul class="rows">
            {data.offers.map((offer) => (
              <li key={offer.id}>
                <span class="m">{offer.sentence[lang]}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Follows({ all, none }: { all: readonly string[]; none: string }) {
  if (all.length === 0) return <p class="none">{none}</p>
  return (
    <ul class="follows">
      {all.map((text) => (
        <li key={text} class="ff-chip">
          {text}
        </li>
      ))}
    </ul>
  )
}
