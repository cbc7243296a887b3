/** The history of the sheet: page after page, and still while it is being read. */

import { expect, it } from 'vitest'
import type { Refusal } from '../../shared/errors.ts'
import type { HistoryEntry } from '../../shared/ledger.ts'
import type { ReplyOf } from '../../shared/protocol/index.ts'
import { createHistory } from './history.ts'
import { batch, computed, effect, signal } from './reactive.ts'
import { receiptOf } from './testing.ts'

type Answer = ReplyOf<'history.read'> | Refusal

const LINES = 260
const PAGE = 30
const line = (no: number): HistoryEntry => ({ kind: 'receipt', ...receiptOf({ seq: no }) })

/** Lines 260 to 1; `empty` pages come before those under 100, as when the service passes over much. */
function answerTo(before: string | undefined, empty: number): Answer {
  const [from = LINES, skipped = 0] = (before ?? '').split('+').filter(Boolean).map(Number)
  if (from < 100 && from > 60 && skipped < empty)
    return { ok: true, entries: [], issuers: {}, next: `${from}+${skipped + 1}` }
  const to = Math.max(0, from - PAGE)
  const entries = Array.from({ length: from - to }, (_, i) => line(from - i))
  return { ok: true, entries, issuers: {}, ...(to > 0 && { next: String(to) }) }
}

const settle = () => new Promise((done) => setTimeout(done))

function open(answers: (before: string | undefined) => Answer) {
  const panel = signal<'history' | undefined>('history')
  const state = signal({ account: { version: 1 } })
  const later: (() => void)[] = []
  const asked: (string | undefined)[] = []
  const deps = {
    model: { state },
    client: {
      request: async (_: string, { before }: { before?: string }) => {
        asked.push(before)
        return answers(before)
      },
    },
    panel,
    runtime: { after: (_ms: number, run: () => void) => later.push(run) },
    reactive: { batch, computed, effect, signal },
  }
  const history = createHistory(deps as unknown as Parameters<typeof createHistory>[0])
  const rest = () => {
    for (const run of later.splice(0)) run()
  }
  return { history, panel, state, asked, rest }
}

it('[O17] goes back to the first line, page after page, over pages that have none', async () => {
  const { history } = open((before) => answerTo(before, 3))
  await settle()
  for (let taps = 0; history.next.value !== undefined && taps < 20; taps++) {
    history.older()
    history.older()
    await settle()
  }
  const seqs = history.rows.value?.map((row) => (row.kind === 'receipt' ? row.seq : 0))
  expect(seqs).toEqual(Array.from({ length: LINES }, (_, i) => LINES - i))
  expect(history.elsewhere.value).toBe(false)
})

it('[O17] keeps what is being read, and begins anew when it is opened again', async () => {
  const { history, panel, state, asked, rest } = open((before) => answerTo(before, 0))
  await settle()
  history.older()
  await settle()
  state.value = { account: { version: 2 } }
  rest()
  await settle()
  expect(history.rows.value).toHaveLength(2 * PAGE)
  panel.value = undefined
  panel.value = 'history'
  await settle()
  expect(history.rows.value).toHaveLength(PAGE)
  expect(asked).toEqual([undefined, '230', undefined])
})

it('[O17] says where older lines are kept elsewhere', async () => {
  const { history } = open((before) =>
    before ? { ok: true, entries: [], issuers: {}, elsewhere: true } : answerTo(before, 0),
  )
  await settle()
  expect(history.elsewhere.value).toBe(false)
  history.older()
  await settle()
  expect(history.elsewhere.value).toBe(true)
  expect(history.next.value).toBeUndefined()
  expect(history.rows.value).toHaveLength(PAGE)
})
