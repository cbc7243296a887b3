/** What was earned and why, newest first; a zero is a row like all others. */

import { useEffect, useState } from 'preact/hooks'
import type { Receipt } from '../../shared/receipt.ts'
import { explain } from '../../shared/rulebook/explain.ts'
import { ACTION_LABELS } from '../../shared/rulebook/labels.ts'
import { formatPoints, type Lang } from '../ui/lang.ts'
import type { View } from './view.ts'

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

export function History({ view: { model, t, lang } }: { view: View }) {
  const [rows, setRows] = useState<Receipt[]>()
  const [next, setNext] = useState<string>()
  const [failed, setFailed] = useState(false)
  const read = async (before?: string) => {
    const answer = await model.history(before)
    setFailed(!answer.ok)
    if (!answer.ok) return
    setRows((old) => [...(before ? (old ?? []) : []), ...answer.receipts])
    setNext(answer.next)
  }
  const version = model.state.value.account?.version
  // Read again when the account has changed.
  useEffect(() => {
    if (!next || !rows) void read()
  }, [version])
  if (!rows) return <p class="sum">{failed ? t.unread : t.loading}</p>
  return (
    <>
      {failed && <p class="sum">{t.unread}</p>}
      {rows.length === 0 && <p class="sum">{t.noHistory}</p>}
      <ul>
        {rows.map((receipt, i) => (
          <Row key={`${receipt.atMs}-${receipt.seq}-${i}`} receipt={receipt} lang={lang} />
        ))}
      </ul>
      {next && (
        <button type="button" class="ff-btn ghost sm" onClick={() => void read(next)}>
          {t.older}
        </button>
      )}
    </>
  )
}
