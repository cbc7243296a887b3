import { expect, test } from 'vitest'
import type { HistoryEntry } from '../../../shared/ledger.ts'
import type { Answer } from '../api.ts'
import { createPast, PAGES_MAX, type Page } from './past.ts'

const line = (atMs: number): HistoryEntry => ({ kind: 'moved', atMs }) as HistoryEntry

/** A service with `count` lines, ten a page, that counts what it is asked. */
function service(count: number) {
  const lines = Array.from({ length: count }, (_, i) => line(count - i))
  const asked: (string | undefined)[] = []
  const state = { away: false }
  return {
    asked,
    state,
    happen: (n: number) => {
      for (let i = 0; i < n; i++) lines.unshift(line(lines.length + 1))
    },
    read: async (before: string | undefined): Promise<Answer<Page>> => {
      asked.push(before)
      if (state.away) return { ok: false, code: 'unreached' }
      const at =
        before === undefined ? 0 : lines.findIndex(({ atMs }) => atMs === Number(before)) + 1
      const entries = lines.slice(at, at + 10)
      const rest = lines.length > at + 10
      return { ok: true, entries, ...(rest && { next: String(entries.at(-1)?.atMs) }) }
    },
    times: () => lines.map(({ atMs }) => atMs),
  }
}
const timesOf = (answer: Awaited<ReturnType<ReturnType<typeof createPast>>>) =>
  answer.ok ? answer.entries.map(({ atMs }) => atMs) : answer.code

test('[OC11] a page is asked for once, and what is new is put before what is there', async () => {
  const of = service(3000)
  const past = createPast(of.read)
  await past(1)
  await past(4)
  of.asked.length = 0
  of.happen(7)
  expect(timesOf(await past(5))).toEqual(of.times().slice(0, 57))
  expect(of.asked).toHaveLength(2)
})

test('[OC11] more new lines than a page leave no gap; a flood of them begins anew', async () => {
  const of = service(100)
  const past = createPast(of.read)
  await past(6)
  of.happen(23)
  expect(timesOf(await past(6))).toEqual(of.times().slice(0, 83))
  of.happen(400)
  expect(timesOf(await past(1))).toEqual(of.times().slice(0, 50))
  expect(timesOf(await past(6))).toEqual(of.times().slice(0, 60))
})

test('[OC11] a short history is whole, and stays so', async () => {
  const of = service(0)
  const past = createPast(of.read)
  expect(await past(1)).toEqual({ ok: true, entries: [] })
  of.happen(4)
  expect(timesOf(await past(1))).toEqual([4, 3, 2, 1])
  of.happen(8)
  expect(await past(1)).toEqual({ ok: true, entries: of.times().map(line) })
})

test('[OC11] where the page ends and the history does not, it says where the rest is', async () => {
  const of = service(3000)
  const past = createPast(of.read)
  expect(await past(PAGES_MAX - 1)).toMatchObject({ older: 'page' })
  const all = await past(PAGES_MAX + 5)
  expect(all).toMatchObject({ older: 'statement' })
  expect(timesOf(all)).toHaveLength(10 * PAGES_MAX)
})

test('[OC11] a page that was not answered is asked for again, and nothing shown is lost', async () => {
  const of = service(100)
  const past = createPast(of.read)
  await past(2)
  of.state.away = true
  expect(timesOf(await past(3))).toBe('unreached')
  of.state.away = false
  expect(timesOf(await past(3))).toEqual(of.times().slice(0, 30))
})
