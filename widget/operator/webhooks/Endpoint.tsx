/** One webhook: what it hears, how the last attempts went, and what can be done with it. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { wallMs } from '../../client/runtime.ts'
import { formatPoints } from '../../ui/index.ts'
import { Press } from '../../ui/press.tsx'
import { type Answer, path } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { DEAD_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { Sure } from '../Sure.tsx'
import { dateOf, momentOf } from '../time.ts'
import type { Attempt, Webhook } from './read.ts'
import { Secret } from './Secret.tsx'
import { type HookWords, WORDS } from './words.ts'

interface EndpointProps {
  webhook: Webhook
  changed: () => void
}

export function Endpoint({ webhook, changed }: EndpointProps) {
  const { api, lang, house, say } = useDesk()
  const w = WORDS[lang]
  const open = useSignal(false)
  const doing = useDoing()
  const { id, url, events, active, offWhy, createdAtMs, failingSinceMs } = webhook
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  const act = async (what: string, said: string, ask: () => Promise<Answer<object>>) => {
    if (await doing.run(what, ask)) {
      say(said)
      changed()
      house.dead.again()
    }
  }
  const of = (verb: string) => path('webhooks', id, verb)
  return (
    <li class="hook">
      <div class="line">
        <span class="m">
          <b class="mono">{url}</b>
          <small title={events.map((name) => w.eventNames[name] ?? name).join(', ')}>
            {w.events(events.length)} · {w.since(dateOf(createdAtMs, reader))}
            {offWhy && <> · {offText(offWhy, w)}</>}
          </small>
        </span>
        {active && failingSinceMs !== undefined ? (
          <span class="ff-chip warn">{w.failing(momentOf(failingSinceMs, wallMs(), reader))}</span>
        ) : (
          <span class={`ff-chip ${active ? '' : 'bad'}`}>{active ? w.on : w.off}</span>
        )}
      </div>
      <div class="acts">
        <button
          type="button"
          class="ff-btn"
          aria-expanded={open.value}
          onClick={() => {
            open.value = !open.value
          }}
        >
          {w.log}
        </button>
        <Press
          class="ff-btn"
          off={doing.busy || !active}
          onClick={() => {
            open.value = true
            void act('ping', w.didTest, () => api.post(of('ping'), {}))
          }}
        >
          {w.test}
        </Press>
        <Rotate id={id} />
        {active ? (
          <Sure
            label={w.pause}
            sure={w.pauseSure}
            what={w.pauseWhat}
            busy={doing.busy}
            run={() => void act('pause', w.didPause, () => api.post(of('pause'), {}))}
          />
        ) : (
          <Press
            class="ff-btn"
            off={doing.busy}
            onClick={() => void act('resume', w.didResume, () => api.post(of('resume'), {}))}
          >
            {w.resume}
          </Press>
        )}
        <Sure
          label={w.remove}
          sure={w.removeSure}
          busy={doing.busy}
          run={() => void act('remove', w.didRemove, () => api.remove(path('webhooks', id)))}
        />
      </div>
      <Refused failure={doing.failure} />
      {open.value && <Attempts id={id} />}
    </li>
  )
}

const PAUSED = 'paused by '

/** The service says it in English. */
const offText = (why: string, w: HookWords): string =>
  why.startsWith(PAUSED)
    ? w.pausedBy(why.slice(PAUSED.length))
    : why.includes('410')
      ? w.answered410
      : why

function Rotate({ id }: { id: string }) {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const open = useSignal(false)
  const secret = useSignal<string | undefined>(undefined)
  const doing = useDoing()
  const close = useCallback(() => {
    open.value = false
    secret.value = undefined
  }, [open, secret])
  const change = async () => {
    const done = await doing.run(
      'secret',
      (): Promise<Answer<{ secret: string }>> => api.post(path('webhooks', id, 'secret'), {}),
    )
    if (done) secret.value = done.secret
  }
  return (
    <>
      <button
        type="button"
        class="ff-btn"
        aria-haspopup="dialog"
        onClick={() => {
          open.value = true
        }}
      >
        {w.rotate}
      </button>
      {open.value && secret.value === undefined && (
        <Dialog
          title={w.rotate}
          close={close}
          act={{ label: w.rotate, run: () => void change(), disabled: doing.busy }}
        >
          <p class="ff-muted what">{w.rotateWhat}</p>
          <Refused failure={doing.failure} />
        </Dialog>
      )}
      {open.value && secret.value !== undefined && (
        <Dialog title={w.secretTitle} close={close}>
          <Secret secret={secret.value} />
        </Dialog>
      )}
    </>
  )
}

function Attempts({ id }: { id: string }) {
  const { api, lang, house } = useDesk()
  const w = WORDS[lang]
  const url = path('webhooks', id, 'deliveries')
  const log = usePolled(url, () => api.get<{ attempts: Attempt[] }>(url), DEAD_EVERY_MS / 4)
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  const attempts = log.data?.attempts ?? []
  return (
    <>
      <Unread polled={log} />
      {log.data && attempts.length === 0 && <Quiet>{w.logNone}</Quiet>}
      <ul class="tries">
        {attempts.map(({ id: delivery, type, attempt, atMs, tookMs, status, why }) => (
          <li key={`${delivery}-${attempt}`}>
            <span class={`ff-chip ff-n ${status >= 200 && status < 300 ? '' : 'bad'}`}>
              {status || why}
            </span>
            <span class="m">
              {w.eventNames[type] ?? type} · {w.attempt(attempt)}
            </span>
            <span class="ff-quiet ff-n">
              {momentOf(atMs, wallMs(), reader)} · {w.took(formatPoints(tookMs))}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
