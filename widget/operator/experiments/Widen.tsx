/** More rooms for a pilot. */

import { useSignal } from '@preact/signals'
import type { Experiment } from '../../../shared/experiments.ts'
import { path } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { wordsOf } from './form.ts'
import { TextField } from './TextField.tsx'
import { WORDS } from './words.ts'

export function Widen(of: { experiment: Experiment; close: () => void; again: () => void }) {
  const { api, lang, say } = useDesk()
  const w = WORDS[lang]
  const profiles = useSignal('')
  const rooms = useSignal('')
  const doing = useDoing()
  const body = { profiles: wordsOf(profiles.value), rooms: wordsOf(rooms.value) }
  const run = async () => {
    const to = path('experiments', of.experiment.id, 'widen')
    const done = await doing.run(JSON.stringify(body), (key) => api.post(to, body, key))
    if (!done) return
    say(w.didWiden)
    of.again()
    of.close()
  }
  const disabled = doing.busy || body.profiles.length + body.rooms.length === 0
  return (
    <Dialog
      title={w.widenTitle}
      close={of.close}
      act={{ label: w.widen, run: () => void run(), disabled }}
    >
      <TextField label={w.profiles} name="profiles" text={profiles} first />
      <TextField label={w.rooms} name="rooms" text={rooms} />
      <p class="ff-muted what">{w.widenWhat}</p>
      <Refused failure={doing.failure} />
    </Dialog>
  )
}
