/** Outgoing webhooks: who is told of what, how it went, and what could not be delivered. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { formatPoints } from '../../ui/index.ts'
import { useDesk } from '../desk.ts'
import { AddingHead } from '../Head.tsx'
import { HOUSE_EVERY_MS } from '../limits.ts'
import type { Badge } from '../pages.ts'
import { usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { AddDialog } from './Add.tsx'
import { DeadLetters } from './DeadLetters.tsx'
import { Endpoint } from './Endpoint.tsx'
import type { Webhook } from './read.ts'
import { WORDS } from './words.ts'

/** How many dead letters wait for somebody; the first page of them says enough. */
export function useDeadBadge(): Badge | undefined {
  const { house, lang } = useDesk()
  const page = house.dead.data.value
  if (!page || page.dead.length === 0) return undefined
  const text = `${formatPoints(page.dead.length)}${page.next === undefined ? '' : '+'}`
  return { text, tone: 'plain', label: WORDS[lang].badge }
}

export function Webhooks(_: { rest: string[] }) {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const hooks = usePolled(
    'webhooks',
    () => api.get<{ webhooks: Webhook[] }>('/v1/webhooks'),
    HOUSE_EVERY_MS,
  )
  const adding = useSignal(false)
  const close = useCallback(() => {
    adding.value = false
  }, [adding])
  const all = hooks.data?.webhooks ?? []
  return (
    <>
      <AddingHead
        title={w.title}
        add={w.add}
        open={() => {
          adding.value = true
        }}
      />
      <div class="col">
        <DeadLetters webhooks={all} />
        <section class="ff-card hooks" aria-label={w.endpoints}>
          <h2 class="ff-h">{w.endpoints}</h2>
          <Unread polled={hooks} />
          {hooks.data && all.length === 0 && <Quiet>{w.none}</Quiet>}
          <ul class="rows">
            {all.map((webhook) => (
              <Endpoint key={webhook.id} webhook={webhook} changed={hooks.again} />
            ))}
          </ul>
        </section>
      </div>
      {adding.value && <AddDialog close={close} changed={hooks.again} />}
    </>
  )
}
