/** What was earned and why, newest first; a zero is a row like all others. */

import type { Receipt } from '../../shared/receipt.ts'
import { explain } from '../../shared/rulebook/explain.ts'
import { ACTION_LABELS } from '../../shared/rulebook/labels.ts'
import { formatPoints, type Lang } from '../ui/lang.ts'
import type { SheetView } from './sheet-view.ts'

export const clockOf = (atMs: number, lang: Lang): string =>
  new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    hour: '2-digit',
    minute: '2-digit',
  }).format(atMs)

function Row({ receipt, lang }: { receipt: Receipt; lang: Lang }) {
  const { points, action, atMs } = receipt
  return (
    <li class="rc">
      <span class="t">
        {ACTION_LABELS[action]?.[lang] ?? action}
        <time>{clockOf(atMs, lang)}</time>
      </span>
      <span class={`a ff-n ${points > 0 ? 'plus' : 'nil'}`}>
        {points > 0 ? `+${formatPoints(points)}` : points}
      </span>
      <span class="d">{explain(receipt, lang)}</span>
    </li>
  )
}

export function History({ view: { history, s, lang } }: { view: SheetView }) {
  const rows = history.rows.value
  const failed = history.failed.value
  if (!rows) return <p class="sum">{failed ? s.unread : s.loading}</p>
  return (
    <>
      {failed && <p class="sum">{s.unread}</p>}
      {rows.length === 0 && <p class="sum">{s.noHistory}</p>}
      <ul>
        {rows.map((receipt, i) => (
          <Row key={`${receipt.atMs}-${receipt.seq}-${i}`} receipt={receipt} lang={lang} />
        ))}
      </ul>
      {history.next.value && (
        <button type="button" class="ff-btn ghost sm" onClick={history.older}>
          {s.older}
        </button>
      )}
    </>
  )
}
