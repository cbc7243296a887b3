import { expect, test } from 'vitest'
import { percentOn } from './quests.ts'
import { DAY_MS } from './time.ts'

const dayOf = (date: string) => Date.parse(date) / DAY_MS

test('a season holds from its first day to its last, also over the turn of the year', () => {
  const paid = (from: string, until: string) => (date: string) =>
    percentOn({ season: { from, until, percent: 150 } }, dayOf(date))
  const autumn = paid('09-28', '10-07')
  expect(['2026-09-27', '2026-09-28', '2026-10-07', '2026-10-08'].map(autumn)).toEqual([
    100, 150, 150, 100,
  ])
  const turn = paid('12-30', '01-02')
  expect(['2026-12-29', '2026-12-30', '2027-01-02', '2027-01-03'].map(turn)).toEqual([
    100, 150, 150, 100,
  ])
  expect(percentOn({}, dayOf('2026-10-01'))).toBe(100)
})
