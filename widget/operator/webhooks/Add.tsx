/** A new webhook: where to, of what, and then its secret, once. */

import { useSignal } from '@preact/signals'
import type { Answer } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import type { Webhook } from './read.ts'
import { Secret } from './Secret.tsx'
import { WORDS } from './words.ts'

export function AddDialog({ close, changed }: { close: () => void; changed: () => void }) {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const names = Object.keys(w.eventNames).filter((name) => name !== 'ping')
  const url = useSignal('')
  const events = useSignal<ReadonlySet<string>>(new Set(names))
  const secret = useSignal<string | undefined>(undefined)
  const doing = useDoing()
  const wrong = doing.failure?.field === 'url'
  const add = async () => {
    const body = { url: url.value.trim(), events: [...events.value] }
    const done = await doing.run(
      JSON.stringify(body),
      (): Promise<Answer<{ webhook: Webhook; secret: string }>> => api.post('/v1/webhooks', body),
    )
    if (!done) return
    secret.value = done.secret
    changed()
  }
  if (secret.value !== undefined)
    return (
      <Dialog title={w.secretTitle} close={close}>
        <Secret secret={secret.value} />
      </Dialog>
    )
  return (
    <Dialog
      wide
      title={w.add}
      close={close}
      act={{
        label: w.add,
        run: () => void add(),
        disabled: doing.busy || events.value.size === 0 || url.value.trim() === '',
      }}
    >
      <label class={wrong ? 'fld wrong' : 'fld'}>
        {w.url}
        <input
          data-first
          name="url"
          type="url"
          autocomplete="off"
          spellcheck={false}
          placeholder="https://"
          value={url.value}
          onInput={({ currentTarget }) => {
            url.value = currentTarget.value
            doing.forget()
          }}
        />
        <small>{wrong ? w.wrongUrl : w.urlHint}</small>
      </label>
      <fieldset class="fld ticks">
        <legend>
          {w.wanted}{' '}
          <button
            type="button"
            class="ff-chip"
            onClick={() => {
              events.value = new Set(events.value.size === names.length ? [] : names)
            }}
          >
            {events.value.size === names.length ? w.clear : w.all}
          </button>
        </legend>
        {names.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={events.value.has(name)}
              onChange={({ currentTarget }) => {
                const next = new Set(events.value)
                if (currentTarget.checked) next.add(name)
                else next.delete(name)
                events.value = next
              }}
            />
            {w.eventNames[name]}
          </label>
        ))}
      </fieldset>
      {doing.failure && !wrong && <Refused failure={doing.failure} />}
    </Dialog>
  )
}
