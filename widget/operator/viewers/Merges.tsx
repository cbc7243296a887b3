/** Two accounts of one person: making them one, and two again. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { formatPoints } from '../../ui/index.ts'
import { type Answer, path } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { dateOf } from '../time.ts'
import { type Found, find } from './find.ts'
import { byNumber, type Merge, type Person } from './read.ts'
import { WORDS } from './words.ts'

interface MergeDialogProps {
  number: string
  close: () => void
  changed: () => void
}

type Other = Found & Pick<Person, 'name' | 'account'>

export function MergeDialog({ number, close, changed }: MergeDialogProps) {
  const { api, lang, say } = useDesk()
  const w = WORDS[lang]
  const text = useSignal('')
  const other = useSignal<Other | undefined>(undefined)
  const wrong = useSignal('')
  const doing = useDoing()

  const look = async () => {
    wrong.value = ''
    const wanted = text.value.trim()
    const answer = await doing.run(`find ${wanted}`, () => find(api, wanted))
    if (!answer) return
    const [found, ...others] = answer.all
    if (!found) wrong.value = w.none(wanted)
    else if (others.length > 0)
      wrong.value = `${w.several(wanted, answer.all.length)} ${w.severalMerge}`
    else if (found.number === number) wrong.value = w.mergeSame
    else {
      const state = await doing.run(`read ${found.number}`, () =>
        api.get<Pick<Person, 'name' | 'account'>>(path('accounts', byNumber(found.number))),
      )
      if (state) other.value = { ...found, ...state }
    }
  }
  const merge = async ({ number: from }: Other) => {
    const body = { from: byNumber(from), into: byNumber(number) }
    const done = await doing.run(
      `merge ${from}`,
      (key): Promise<Answer<Merge>> => api.post('/v1/merges', body, key),
    )
    if (!done) return
    say(w.didMerge(formatPoints(done.moved.points)))
    changed()
    close()
  }
  const chosen = other.value
  return (
    <Dialog
      title={w.mergeTitle}
      close={close}
      act={
        chosen
          ? { label: w.mergeSure, run: () => void merge(chosen), disabled: doing.busy }
          : {
              label: w.mergeFind,
              run: () => void look(),
              disabled: doing.busy || text.value.trim() === '',
            }
      }
    >
      <p class="ff-muted what">{w.mergeWhat}</p>
      <label class="fld">
        {w.mergeOther}
        <input
          data-first
          name="other"
          autocomplete="off"
          spellcheck={false}
          placeholder={w.hint}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value
            other.value = undefined
          }}
        />
      </label>
      {chosen && <OtherLine other={chosen} />}
      {wrong.value && (
        <p class="note w" role="alert">
          {wrong.value}
        </p>
      )}
      <Refused failure={doing.failure} />
    </Dialog>
  )
}

function OtherLine({ other: { name, number, account } }: { other: Other }) {
  const { lang, t } = useDesk()
  const w = WORDS[lang]
  return (
    <p class="note k">
      <span>
        <b dir="auto">{name || w.nameless}</b> <span class="mono">{number}</span>
        {' · '}
        {t.points(formatPoints(account.balance.spendable))}
        {' · '}
        {w.growth(formatPoints(account.tier.growth))}
      </span>
    </p>
  )
}

/** Accounts that were merged into this one, each with the way back. */
export function Merged({ merges, changed }: { merges: Merge[]; changed: () => void }) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const undoing = useSignal<Merge | undefined>(undefined)
  const close = useCallback(() => {
    undoing.value = undefined
  }, [undoing])
  if (merges.length === 0) return null
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  return (
    <section class="ff-card" aria-label={w.mergedFrom}>
      <h2 class="ff-h">{w.mergedFrom}</h2>
      <ul class="rows">
        {merges.map((merge) => (
          <li key={merge.merge}>
            <span class="m">
              <b class="mono">{merge.from}</b>
              <small>
                {w.mergeLine(formatPoints(merge.moved.points), formatPoints(merge.moved.growth))}
                {' · '}
                {w.undoUntil(dateOf(merge.undoUntilMs, reader))}
              </small>
            </span>
            <button
              type="button"
              class="ff-btn"
              aria-haspopup="dialog"
              onClick={() => {
                undoing.value = merge
              }}
            >
              {w.undo}
            </button>
          </li>
        ))}
      </ul>
      {undoing.value && <UndoDialog merge={undoing.value} close={close} changed={changed} />}
    </section>
  )
}

interface UndoProps {
  merge: Merge
  close: () => void
  changed: () => void
}

function UndoDialog({ merge, close, changed }: UndoProps) {
  const { api, lang, say } = useDesk()
  const w = WORDS[lang]
  const doing = useDoing()
  const undo = async () => {
    const done = await doing.run(
      'undo',
      (): Promise<Answer<Merge>> => api.post(path('merges', merge.merge, 'undo'), {}),
    )
    if (!done) return
    const short = done.short?.points ?? 0
    const said = w.didUndo(formatPoints(done.back?.points ?? 0))
    say(short > 0 ? `${said} · ${w.short(formatPoints(short))}` : said)
    changed()
    close()
  }
  return (
    <Dialog
      title={`${w.undo} ${merge.from}`}
      close={close}
      act={{ label: w.undo, run: () => void undo(), disabled: doing.busy, danger: true }}
    >
      <p class="ff-muted what">{w.undoWhat}</p>
      <Refused failure={doing.failure} />
    </Dialog>
  )
}
