/** Parts of a reward that the shelf and its own page both show. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { formatPoints } from '../../ui/index.ts'
import { Press } from '../../ui/press.tsx'
import { type Answer, path } from '../api.ts'
import { Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { type Listed, type Shelved, shelvedOf } from './listed.ts'
import { yuan } from './prices.ts'
import { RestockDialog } from './Restock.tsx'
import { WORDS } from './words.ts'

export function Price({ doc }: Pick<Listed, 'doc'>) {
  const { t } = useDesk()
  return (
    <span class="ff-n">
      {t.points(formatPoints(doc.points))}
      {doc.cashFen > 0 && <> + ¥{yuan(doc.cashFen)}</>}
    </span>
  )
}

export function Left({ reward: { doc, stock } }: { reward: Listed }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  if (stock.left === undefined) return <span class="ff-quiet">{w.endless}</span>
  return (
    <>
      {w.left(formatPoints(stock.left))}
      {doc.stock.kind === 'weekly' && <small>{w.weekly}</small>}
    </>
  )
}

const TONES: Record<Shelved, string> = { off: '', sold_out: 'bad', low: 'warn', fine: '' }

export function StateChip({ reward }: { reward: Listed }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const state = shelvedOf(reward)
  return (
    <>
      <span class={`ff-chip ${TONES[state]}`}>{w.states[state]}</span>
      {reward.doc.flash && <span class="ff-chip">{w.flash}</span>}
    </>
  )
}

/** Takes a reward off the shelf, after a second press, or puts it back. */
export function ShelveButton({ reward }: { reward: Listed }) {
  const { api, lang, house, say } = useDesk()
  const w = WORDS[lang]
  const sure = useSignal(false)
  const doing = useDoing()
  const { id, doc } = reward
  const run = async () => {
    if (doc.enabled && !sure.value) {
      sure.value = true
      return
    }
    sure.value = false
    const url = path('rewards', id)
    const done = await doing.run(
      'shelve',
      (): Promise<Answer<object>> =>
        doc.enabled ? api.remove(url) : api.post(url, { ...doc, enabled: true }),
    )
    if (done) say(doc.enabled ? w.didDelist(doc.title[lang]) : w.didRelist(doc.title[lang]))
    house.shelf.again()
  }
  return (
    <>
      <Refused failure={doing.failure} />
      <Press
        class={`ff-btn ${sure.value ? 'dan' : ''}`}
        off={doing.busy}
        onClick={() => void run()}
        onBlur={() => {
          sure.value = false
        }}
      >
        {doc.enabled ? (sure.value ? w.delistSure : w.delist) : w.relist}
      </Press>
    </>
  )
}

export function RestockButton({ reward }: { reward: Listed }) {
  const { lang } = useDesk()
  const open = useSignal(false)
  const close = useCallback(() => {
    open.value = false
  }, [open])
  if (reward.stock.left === undefined) return null
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
        {WORDS[lang].restock}
      </button>
      {open.value && <RestockDialog reward={reward} close={close} />}
    </>
  )
}
