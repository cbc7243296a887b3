import { expect, test } from 'vitest'
import { birthdayText, isBirthday, lastBirthday, nextBirthday, readBirthday } from './birthday.ts'
import { HOUR_MS } from './time.ts'

const ZONE = 'Asia/Shanghai'
const noon = (text: string) => Date.parse(`${text}T12:00:00+08:00`)

test('[001-13] a day of birth has month and day, no year; the 29th of February is one', () => {
  expect([isBirthday({ month: 2, day: 29 }), isBirthday({ month: 2, day: 30 })]).toEqual([
    true,
    false,
  ])
  expect(readBirthday('04-31')).toBeUndefined()
  expect(readBirthday('1990-04-30')).toBeUndefined()
  expect(readBirthday(birthdayText({ month: 4, day: 3 }))).toEqual({ month: 4, day: 3 })
})

test('[001-13 004-05] it is when the day of the platform says so, over the turn of the year and in short Februaries', () => {
  const eve = { month: 12, day: 31 }
  expect(lastBirthday(eve, noon('2027-01-02'), ZONE)).toEqual({ year: 2026, daysAgo: 2 })
  expect(lastBirthday(eve, noon('2026-12-30'), ZONE)).toEqual({ year: 2025, daysAgo: 364 })
  const leap = { month: 2, day: 29 }
  expect(lastBirthday(leap, noon('2027-02-28'), ZONE)).toEqual({ year: 2027, daysAgo: 0 })
  expect(lastBirthday(leap, noon('2028-02-29'), ZONE)).toEqual({ year: 2028, daysAgo: 0 })
  const may = { month: 5, day: 1 }
  const midnight = Date.parse('2026-05-01T00:00:00+08:00')
  expect(nextBirthday(may, midnight, ZONE)).toEqual({
    fromMs: midnight,
    untilMs: midnight + 24 * HOUR_MS,
  })
  expect(nextBirthday(may, midnight - 1, ZONE).fromMs).toBe(midnight)
  expect(nextBirthday(may, midnight + 24 * HOUR_MS, ZONE).fromMs).toBeGreaterThan(
    noon('2027-04-30'),
  )
})
