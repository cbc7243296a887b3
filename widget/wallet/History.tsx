/** Where the points are, and what was earned or moved and why, newest first; a zero is a row like all others. */

import type { ComponentType } from 'preact'
import type { HistoryEntry, LedgerEntry } from '../../shared/ledger.ts'
import type { Receipt } from '../../shared/receipt.ts'
import { explain } from '../../shared/rulebook/explain.ts'
import { ACTION_LABELS } from '../../shared/rulebook/labels.ts'
import type { SheetView } from '../overlay/sheet-view.ts'
import { momentOf } from '../rewards/moments.ts'
import { formatSigned, type Lang } from '../ui/lang.ts'
import { Buckets } from './Buckets.tsx'
import { expiringOf, settled } from './entries.ts'
import type { HistoryDeps } from './late-history.ts'
import { createSurvey } from './Survey.tsx'
import { tell } from './words.ts'

interface Line {
  name: string
  amount: number
  why: string
}

const receiptLine = (receipt: Receipt, lang: Lang): Line => ({
  name: ACTION_LABELS[receipt.action]?.[lang] ?? receipt.action,
  amount: receipt.points,
  why: explain(receipt, lang),
})

function movedLine(entry: LedgerEntry, { lang, shop, model }: SheetView): Line {
  const titleIn =
    (all: readonly { reward?: string; id: string; title: Record<Lang, string> }[]) =>
    (id: string) =>
      all.find((one) => (one.reward ?? one.id) === id)?.title[lang]
  const nowMs = model.nowMs.value
  const inShop = titleIn(shop.rewards.value ?? [])
  const inMine = titleIn(shop.redemptions.value ?? [])
  return tell(entry, { lang, nowMs, reward: (id) => inMine(id) ?? inShop(id) })
}

function Row({ entry, view }: { entry: HistoryEntry; view: SheetView }) {
  const { lang, model } = view
  const { name, amount, why } =
    entry.kind === 'receipt' ? receiptLine(entry, lang) : movedLine(entry, view)
  return (
    <li class="rc">
      <span class="t">
        {name}
        <time>{momentOf(entry.atMs, model.nowMs.value, lang)}</time>
      </span>
      <span class={`a ff-n${amount > 0 ? ' plus' : amount === 0 ? ' nil' : ''}`}>
        {formatSigned(amount)}
      </span>
      {why && (
        <span class="d" dir="auto">
          {why}
        </span>
      )}
    </li>
  )
}

export function createHistoryPage(deps: HistoryDeps): ComponentType<{ view: SheetView }> {
  const Survey = createSurvey(deps)
  return ({ view }) => (
    <>
      <History view={view} />
      {/* Of points that nobody has there is nothing to say yet. */}
      {view.history.rows.value?.length ? <Survey lang={view.lang} /> : null}
    </>
  )
}

export function History({ view }: { view: SheetView }) {
  const { history, s, lang, model } = view
  const { account } = model.state.value
  const rows = history.rows.value
  const failed = history.failed.value
  return (
    <>
      {account && (
        <Buckets
          account={account}
          reach={history.reach.value}
          expiring={expiringOf(rows ?? [], model.nowMs.value)}
          lang={lang}
        />
      )}
      {!rows && <p class="sum">{failed ? s.unread : s.loading}</p>}
      {rows && failed && <p class="sum">{s.unread}</p>}
      {rows?.length === 0 && <p class="sum">{s.noHistory}</p>}
      <ul>
        {settled(rows ?? []).map((entry, i) => (
          <Row key={`${entry.atMs}-${entry.kind}-${i}`} entry={entry} view={view} />
        ))}
      </ul>
      {history.next.value && (
        <button type="button" class="ff-btn ghost sm" onClick={history.older}>
          {s.older}
        </button>
      )}
      {history.elsewhere.value && <p class="sum">{s.oldest}</p>}
    </>
  )
}
