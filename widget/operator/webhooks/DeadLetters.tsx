/** Deliveries that were given up: what they would have said, why not, and the way to send them again. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { wallMs } from '../../client/runtime.ts'
import { formatPoints } from '../../ui/index.ts'
import { Press } from '../../ui/press.tsx'
import { hrefOf } from '../address.ts'
import { type Answer, path } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { HOUSE_EVERY_MS } from '../limits.ts'
import { polledOf, usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { momentOf } from '../time.ts'
import type { Dead, Letter, Webhook } from './read.ts'
import { WORDS } from './words.ts'

export function DeadLetters({ webhooks }: { webhooks: Webhook[] }) {
  const { api, lang, house, say } = useDesk()
  const w = WORDS[lang]
  const page = polledOf(house.dead)
  const shown = useSignal<Dead | undefined>(undefined)
  const close = useCallback(() => {
    shown.value = undefined
  }, [shown])
  const doing = useDoing()
  const replay = async (names?: string[]) => {
    const body = names ? { names } : {}
    const done = await doing.run(
      `replay ${names?.join(' ')}`,
      (): Promise<Answer<{ replayed: number }>> => api.post('/v1/webhooks/dead/replay', body),
    )
    if (!done) return
    say(done.replayed > 0 ? w.didReplay(formatPoints(done.replayed)) : w.replayNone)
    house.dead.again()
    close()
  }
  const letters = page.data?.dead ?? []
  const lost = page.data?.lost ?? 0
  return (
    <section class="ff-card dead" aria-label={w.dead}>
      <h2 class="ff-h">
        {w.dead}
        {letters.length > 0 && (
          <Press class="ff-btn" off={doing.busy} onClick={() => void replay()}>
            {w.replayAll}
          </Press>
        )}
      </h2>
      <Unread polled={page} />
      {page.data && letters.length === 0 && <Quiet>{w.deadNone}</Quiet>}
      <Refused failure={doing.failure} />
      <ul class="rows">
        {letters.map((letter) => (
          <Row
            key={letter.name}
            letter={letter}
            url={webhooks.find(({ id }) => id === letter.webhook)?.url}
            look={() => {
              shown.value = letter
            }}
            replay={() => void replay([letter.name])}
          />
        ))}
      </ul>
      {lost > 0 && <Quiet>{w.lost(formatPoints(lost))}</Quiet>}
      {shown.value && (
        <Look
          letter={shown.value}
          close={close}
          busy={doing.busy}
          replay={() => void replay([shown.value?.name ?? ''])}
        />
      )}
    </section>
  )
}

interface RowProps {
  letter: Dead
  /** Undefined where the webhook was removed. */
  url: string | undefined
  look: () => void
  replay: () => void
}

function Row({ letter, url, look, replay }: RowProps) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  const { type, why, attempts, diedAtMs } = letter
  return (
    <li>
      <span class="m">
        <b>{w.eventNames[type] ?? type}</b>
        <small>
          {momentOf(diedAtMs, wallMs(), reader)} · {w.whys[why]} · {w.attempts(attempts)}
        </small>
        <small class="mono">{url ?? w.gone}</small>
      </span>
      <button type="button" class="ff-btn" aria-haspopup="dialog" onClick={look}>
        {w.look}
      </button>
      <button type="button" class="ff-btn" onClick={replay}>
        {w.replay}
      </button>
    </li>
  )
}

interface LetterProps {
  letter: Dead
  close: () => void
  replay: () => void
  busy: boolean
}

function Look({ letter, close, replay, busy }: LetterProps) {
  const { api, lang, house } = useDesk()
  const w = WORDS[lang]
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  const { name, type, id, atMs, diedAtMs } = letter
  const url = path('webhooks', 'dead', name)
  const read = usePolled(url, () => api.get<Letter>(url), HOUSE_EVERY_MS)
  const number = read.data?.number
  return (
    <Dialog
      wide
      title={w.eventNames[type] ?? type}
      close={close}
      act={{ label: w.replay, run: replay, disabled: busy }}
    >
      <dl class="bk">
        <div>
          <dt>{w.happened}</dt>
          <dd class="ff-n">{momentOf(atMs, wallMs(), reader)}</dd>
        </div>
        <div>
          <dt>{w.died}</dt>
          <dd class="ff-n">{momentOf(diedAtMs, wallMs(), reader)}</dd>
        </div>
        {number && (
          <div>
            <dt>{w.about}</dt>
            <dd class="mono">
              <a href={hrefOf('viewers', number)}>{number}</a>
            </dd>
          </div>
        )}
      </dl>
      <Unread polled={read} />
      {read.data && (
        <pre class="body mono">{JSON.stringify({ id, type, data: read.data.data }, null, 2)}</pre>
      )}
    </Dialog>
  )
}
