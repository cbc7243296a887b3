/** A statement for a period: what it comes to, and the file. */

import { useSignal } from '@preact/signals'
import { useCallback, useEffect } from 'preact/hooks'
import type { Statement } from '../../../shared/ledger.ts'
import { wallMs } from '../../client/runtime.ts'
import { formatPoints } from '../../ui/index.ts'
import { Press } from '../../ui/press.tsx'
import { type Answer, path } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { Quiet } from '../Strip.tsx'
import { byNumber } from './read.ts'
import { csvOf, PERIODS, type Period, periodOf } from './statement.ts'
import { WORDS } from './words.ts'

/** Of 500 lines each. */
const PAGES_MAX = 100

export function StatementButton({ number }: { number: string }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const open = useSignal(false)
  const close = useCallback(() => {
    open.value = false
  }, [open])
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
        {w.statement}
      </button>
      {open.value && <StatementDialog number={number} close={close} />}
    </>
  )
}

type Pages = Answer<Omit<Statement, 'ok'>>

/** All pages as one; `next` stays where there are more than a file should have. */
async function readPages(get: (page: string) => Promise<Pages>): Promise<Pages> {
  const whole = await get('')
  if (!whole.ok) return whole
  const entries = [...whole.entries]
  let { next } = whole
  for (let page = 1; next !== undefined && page < PAGES_MAX; page++) {
    const more = await get(`&before=${next}`)
    if (!more.ok) return more
    entries.push(...more.entries)
    next = more.next
  }
  const { next: _, ...rest } = whole
  return { ...rest, entries, ...(next !== undefined && { next }) }
}

function StatementDialog({ number, close }: { number: string; close: () => void }) {
  const { api, lang, t, house } = useDesk()
  const w = WORDS[lang]
  const period = useSignal<Period>('month')
  const read = useSignal<Statement | undefined>(undefined)
  const doing = useDoing()
  const timeZone = house.facts.data.value?.timeZone ?? 'UTC'
  const wanted = period.value
  useEffect(() => {
    read.value = undefined
    const { fromMs, toMs } = periodOf(wanted, wallMs(), timeZone)
    const url = `${path('accounts', byNumber(number), 'statement')}?fromMs=${fromMs}&toMs=${toMs}`
    void doing
      .run(url, () => readPages((page) => api.get(`${url}${page}`)))
      .then((answer) => {
        if (answer && period.peek() === wanted) read.value = answer
      })
  }, [wanted])
  const statement = read.value
  const download = () => {
    if (!statement) return
    const rewards = house.shelf.data.value?.rewards ?? []
    const reward = (id: string) => rewards.find((one) => one.id === id)?.doc.title[lang]
    const reader = { lang, timeZone, nowMs: wallMs(), reward }
    const file = URL.createObjectURL(new Blob([csvOf(statement, reader)], { type: 'text/csv' }))
    const link = Object.assign(document.createElement('a'), {
      href: file,
      download: `fanfare-${number}-${wanted}.csv`,
    })
    link.click()
    URL.revokeObjectURL(file)
    close()
  }
  return (
    <Dialog
      title={w.statement}
      close={close}
      act={{ label: w.download, run: download, disabled: !statement }}
    >
      <fieldset class="filt">
        <legend class="ff-sr">{w.period}</legend>
        {PERIODS.map((one, i) => (
          <Press
            key={one}
            aria-pressed={one === wanted}
            off={doing.busy}
            onClick={() => {
              period.value = one
            }}
            {...(i === 0 && { 'data-first': true })}
          >
            {w.periods[one]}
          </Press>
        ))}
      </fieldset>
      <Refused failure={doing.failure} />
      {!statement && !doing.failure && <Quiet>{t.loading}</Quiet>}
      {statement && (
        <dl class="bk">
          {(['opening', 'closing'] as const).map((end) => (
            <div key={end}>
              <dt>{w[end]}</dt>
              <dd class="ff-n">
                {formatPoints(statement[end].spendable + statement[end].session)}
              </dd>
            </div>
          ))}
          <div>
            <dt>{w.lines(statement.entries.length)}</dt>
            <dd />
          </div>
        </dl>
      )}
      {statement?.next !== undefined && <p class="note w">{w.incomplete}</p>}
    </Dialog>
  )
}
