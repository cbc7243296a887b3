/** The history with its receipts, by page: any line opens to say how its number came about. */

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { LedgerEntry } from '../../../shared/ledger.ts'
import type { Receipt } from '../../../shared/receipt.ts'
import { plain } from '../../../shared/rulebook/labels.ts'
import { formatPoints, formatSigned } from '../../ui/index.ts'
import { useDesk } from '../desk.ts'
import { Choices } from '../Sift.tsx'
import { Quiet, Unread } from '../Strip.tsx'
import { dayOf, sameDay, secondOf } from '../time.ts'
import { FILTERS, type Filter, type Line, type LineReader, passes } from './lines.ts'
import type { Viewer } from './read.ts'
import { type ViewerWords, WORDS } from './words.ts'

interface HistoryProps {
  viewer: Viewer
  lines: Line[]
  reader: LineReader
  /** Id of the line that is open, and that the reply is about. */
  chosen: string | undefined
  choose: (id: string) => void
}

/** Lines that a filter should find before older pages are no longer read by themselves. */
const ENOUGH = 8

export function History({ viewer, lines, reader, chosen, choose }: HistoryProps) {
  const { lang, t } = useDesk()
  const w = WORDS[lang]
  const filter = useSignal<Filter>('all')
  const { past } = viewer
  const shown = lines.filter((line) => passes(line, filter.value))
  const few = filter.value !== 'all' && shown.length < ENOUGH && past.data?.older === 'page'
  // Each answer that is still too little asks for one page more.
  useEffect(() => {
    if (few) viewer.older()
  }, [few, past.data])
  return (
    <section class="ff-card hist" aria-label={w.history}>
      <h2 class="ff-h">
        {w.history}
        <Choices label={w.filter} all={FILTERS} names={w.filters} chosen={filter} />
      </h2>
      <Unread polled={past} />
      {past.data && shown.length === 0 && (
        <Quiet>{lines.length === 0 ? w.noLines : few ? t.loading : w.noMatch}</Quiet>
      )}
      {shown.length > 0 && (
        <table>
          <thead>
            <tr>
              {w.head.map((name, i) => (
                <th key={name} class={i > 2 ? 'r' : ''} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <Row
                key={line.id}
                line={line}
                reader={reader}
                open={line.id === chosen}
                choose={() => choose(line.id)}
              />
            ))}
          </tbody>
        </table>
      )}
      {past.data?.older === 'page' && (
        <button type="button" class="ff-btn more" onClick={viewer.older}>
          {t.older}
        </button>
      )}
      {past.data?.older === 'statement' && <Quiet>{w.inStatements}</Quiet>}
    </section>
  )
}

interface RowProps {
  line: Line
  reader: LineReader
  open: boolean
  choose: () => void
}

function Row({ line, reader, open, choose }: RowProps) {
  const { entry, name, why, amount, after } = line
  const today = sameDay(entry.atMs, reader.nowMs, reader)
  return (
    <tr class={open ? 'sel' : ''} onClick={choose}>
      <td class="t ff-n">
        {!today && <small>{dayOf(entry.atMs, reader)} </small>}
        {secondOf(entry.atMs, reader)}
      </td>
      <td class="w">
        <button type="button" aria-expanded={open}>
          {name}
        </button>
      </td>
      <td class="y" dir="auto">
        {why}
        {open && <Details line={line} />}
      </td>
      <td class={`r ff-n ${amount > 0 ? 'pos' : amount === 0 ? 'nil' : ''}`}>
        {formatSigned(amount)}
      </td>
      <td class="r ff-n a">{formatPoints(after)}</td>
    </tr>
  )
}

function Details({ line: { entry } }: { line: Line }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const facts = entry.kind === 'receipt' ? receiptFacts(entry, w) : moveFacts(entry, w)
  return (
    <dl class="rcpt">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

type Fact = [name: string, value: string]

function receiptFacts(receipt: Receipt, { receipt: w }: ViewerWords): Fact[] {
  const { rule, rulebook, baseMilli, multipliers, multiplier, carry, points, reason } = receipt
  const factors = Object.values(multipliers).filter((milli) => milli !== 1000)
  return [
    [w.rule, rule || '–'],
    [w.version, `v${rulebook}`],
    [w.base, plain(baseMilli / 1000)],
    [
      w.multipliers,
      factors.length > 0
        ? factors.map((milli) => plain(milli / 1000)).join(' × ')
        : plain(multiplier / 1000),
    ],
    ...(carry > 0 ? [[w.carry, plain(carry / 1000)] as Fact] : []),
    [w.result, `${points} · ${reason}`],
  ]
}

function moveFacts({ moves, by, ref }: LedgerEntry, { receipt: w, places }: ViewerWords): Fact[] {
  const told = moves.map(
    ({ from, to, points }) => `${places[from]} → ${places[to]} ${formatPoints(points)}`,
  )
  return [
    ...(told.length > 0 ? [[w.moves, told.join(' · ')] as Fact] : []),
    ...(by ? [[w.by, by] as Fact] : []),
    ...(ref ? [[w.ref, ref] as Fact] : []),
  ]
}
