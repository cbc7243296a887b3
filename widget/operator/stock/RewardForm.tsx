/** A reward is made or changed: the service decides whether it fits, and its word stands at the field it is about. */

import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { type Answer, path } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { docOf, draftOf, FIELDS } from './draft.ts'
import type { Pen } from './FormFields.tsx'
import { Delivery, Limits, Names, Price, StockFields, Times } from './FormGroups.tsx'
import type { Listed } from './listed.ts'
import { WORDS } from './words.ts'

interface FormProps {
  /** Absent where it is a new one. */
  reward?: Listed
  close: () => void
}

const ID = /^[A-Za-z0-9_-]{1,64}$/

export function RewardForm({ reward, close }: FormProps) {
  const { api, lang, house, say } = useDesk()
  const w = WORDS[lang]
  const timeZone = house.facts.data.value?.timeZone ?? 'UTC'
  const draft = useSignal(draftOf(reward, timeZone))
  const doing = useDoing()
  const noId = !reward && !ID.test(draft.value.id)
  const tried = useSignal(false)
  const { failure } = doing
  const told = failure?.field ?? (tried.value && noId ? 'reward' : undefined)
  const field = told === undefined ? undefined : (FIELDS[told] ?? FIELDS[told.split('.')[0] ?? ''])
  const pen: Pen = {
    draft: draft.value,
    isNew: !reward,
    write: (change) => {
      draft.value = { ...draft.value, ...change }
      doing.forget()
    },
    wrong: (name) =>
      name === field
        ? (w.wrong[told === 'reward' ? 'id' : (told ?? '')] ?? w.wrongHere)
        : undefined,
  }
  const form = useRef<HTMLDivElement>(null)
  // What does not fit may be out of sight.
  useEffect(() => {
    if (field !== undefined)
      form.current?.querySelector<HTMLElement>('.wrong :is(input, select)')?.focus()
  }, [field, failure])
  const save = async () => {
    tried.value = true
    if (noId) return
    const { id } = draft.value
    const doc = docOf(draft.value, reward?.doc, timeZone)
    const done = await doing.run(
      JSON.stringify(doc),
      (): Promise<Answer<{ reward: Listed }>> => api.post(path('rewards', id), doc),
    )
    if (!done) return
    say(w.didSave(done.reward.doc.title[lang]))
    house.shelf.again()
    close()
  }
  return (
    <Dialog
      wide
      title={reward ? `${w.edit} · ${reward.doc.title[lang]}` : w.createTitle}
      close={close}
      act={{ label: reward ? w.save : w.create, run: () => void save(), disabled: doing.busy }}
    >
      <div class="form" ref={form}>
        <Names pen={pen} />
        <Price pen={pen} />
        <StockFields pen={pen} />
        <Limits pen={pen} />
        <Delivery pen={pen} />
        <Times pen={pen} timeZone={timeZone} />
      </div>
      {failure && field === undefined && <Refused failure={failure} />}
    </Dialog>
  )
}
