/** What an operator may do to an account, each with a reason that the viewer can read. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { formatPoints } from '../../ui/index.ts'
import { type Answer, path } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { MergeDialog } from './Merges.tsx'
import { byNumber, type Person } from './read.ts'
import { WORDS } from './words.ts'

type Act = 'give' | 'take' | 'freeze' | 'unfreeze'

interface ActionsProps {
  person: Person
  number: string
  changed: () => void
}

export function Actions({ person, number, changed }: ActionsProps) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const open = useSignal<Act | 'merge' | undefined>(undefined)
  const close = useCallback(() => {
    open.value = undefined
  }, [open])
  const button = (act: Act | 'merge', kind = '') => (
    <button
      type="button"
      class={`ff-btn ${kind}`}
      aria-haspopup="dialog"
      onClick={() => {
        open.value = act
      }}
    >
      {w[act]}
    </button>
  )
  const act = open.value
  return (
    <section class="ff-card" aria-label={w.actions}>
      <h2 class="ff-h">{w.actions}</h2>
      <div class="acts">
        {button('give')}
        {button('take')}
        {button('merge')}
        {person.frozen ? button('unfreeze') : button('freeze', 'dan')}
      </div>
      {act === 'merge' && <MergeDialog number={number} close={close} changed={changed} />}
      {act && act !== 'merge' && (
        <ActDialog act={act} person={person} number={number} close={close} changed={changed} />
      )}
    </section>
  )
}

interface ActDialogProps extends ActionsProps {
  act: Act
  close: () => void
}

const ROUTES = { give: 'adjust', take: 'revoke', freeze: 'freeze', unfreeze: 'unfreeze' } as const
/** As the service takes it. */
const NOTE_MAX = 200

function ActDialog({ act, person, number, close, changed }: ActDialogProps) {
  const { api, lang, say } = useDesk()
  const w = WORDS[lang]
  const points = useSignal('')
  const note = useSignal('')
  const doing = useDoing()
  const count = Number(points.value)
  const moves = act === 'give' || act === 'take'
  const good = note.value.trim() !== '' && (!moves || (Number.isInteger(count) && count > 0))
  const { failure } = doing
  const short = failure?.code === 'points_short' ? (failure.have ?? 0) : undefined

  const run = async (partial = false) => {
    const body = {
      note: note.value.trim(),
      ...(moves && { points: count }),
      ...(partial && { partial }),
    }
    const done = await doing.run(
      JSON.stringify(body),
      (key): Promise<Answer<{ taken?: number }>> =>
        api.post(path('accounts', byNumber(number), ROUTES[act]), body, key),
    )
    if (!done) return
    const n = formatPoints(done.taken ?? count)
    const { didGive, didTake, didFreeze, didUnfreeze } = w
    say({ give: didGive(n), take: didTake(n), freeze: didFreeze, unfreeze: didUnfreeze }[act])
    changed()
    close()
  }
  return (
    <Dialog
      title={w[act]}
      close={close}
      act={{
        label: moves ? w.sure[act](count > 0 ? formatPoints(count) : '0') : w.sure[act],
        run: () => void run(),
        disabled: !good || doing.busy,
        danger: act === 'freeze',
      }}
    >
      {moves && (
        <label class="fld">
          {w.amount}
          <input
            data-first
            name="points"
            inputMode="numeric"
            autocomplete="off"
            value={points.value}
            onInput={({ currentTarget }) => {
              points.value = currentTarget.value.replaceAll(/\D/g, '').slice(0, 9)
            }}
          />
        </label>
      )}
      <Reason act={act} note={note.value} write={(text) => (note.value = text)} first={!moves} />
      <p class="ff-muted what">
        <Outcome act={act} person={person} count={count} />
      </p>
      <Refused
        failure={failure}
        {...(short !== undefined && { text: w.only(formatPoints(short)) })}
      />
      {short !== undefined && short > 0 && (
        <button type="button" class="ff-btn" onClick={() => void run(true)}>
          {w.takeAll}
        </button>
      )}
    </Dialog>
  )
}

interface ReasonProps {
  act: Act
  note: string
  write: (text: string) => void
  first: boolean
}

function Reason({ act, note, write, first }: ReasonProps) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  return (
    <>
      <label class="fld">
        {w.reason}
        <input
          name="note"
          autocomplete="off"
          maxLength={NOTE_MAX}
          placeholder={w.reasonHint}
          value={note}
          onInput={({ currentTarget }) => write(currentTarget.value)}
          {...(first && { 'data-first': true })}
        />
      </label>
      <p class="ready">
        {w.reasons[act].map((text) => (
          <button key={text} type="button" class="ff-chip" onClick={() => write(text)}>
            {text}
          </button>
        ))}
      </p>
    </>
  )
}

/** What it will come to, before it is done. */
function Outcome({ act, person, count }: { act: Act; person: Person; count: number }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { spendable, session, frozen } = person.wallet.balance
  if (act === 'freeze') return <>{w.gone(formatPoints(spendable + session))}</>
  if (act === 'unfreeze') return <>{w.back(formatPoints(frozen))}</>
  if (person.frozen) return null
  const after = act === 'give' ? spendable + count : Math.max(0, spendable - count)
  return <>{w.after(formatPoints(spendable), formatPoints(after))}</>
}
