import { expect, test } from 'vitest'
import { DAY_MS, dayBounds, HOUR_MS, monthBounds, SECOND_MS } from './time.ts'

/** Clocks that are never changed, changed at night, at midnight, by half an hour, and not by whole hours from UTC. */
const ZONES = [
  'Asia/Shanghai',
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Santiago',
  'Africa/Casablanca',
  'Atlantic/Azores',
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'America/Nuuk',
]
const YEAR = { from: Date.UTC(2026, 0, 1), days: 730 }

test.each(ZONES)('[S5] each instant is in one day, and days follow one another: %s', (zone) => {
  let at = dayBounds(YEAR.from, zone).endsAtMs
  let { day } = dayBounds(at, zone)
  const lengths = new Set<number>()
  for (let i = 0; i < YEAR.days; i++) {
    const bounds = dayBounds(at, zone)
    expect(bounds.day).toBe(day)
    // What is scored just before midnight by a batch of just after chooses by these two.
    for (const before of [at + SECOND_MS, at + HOUR_MS + 1, bounds.endsAtMs - 1])
      expect(dayBounds(before, zone)).toEqual(bounds)
    expect(dayBounds(bounds.endsAtMs, zone)).toMatchObject({
      ...{ day: day + 1, endsAtMs: bounds.nextEndsAtMs },
    })
    expect(monthBounds(bounds.endsAtMs - 1, zone).endsAtMs).toBeGreaterThanOrEqual(bounds.endsAtMs)
    lengths.add((bounds.endsAtMs - at - DAY_MS) / HOUR_MS)
    at = bounds.endsAtMs
    day += 1
  }
  const changes = [...lengths].sort((a, b) => a - b)
  expect([[0], [-1, 0, 1], [-0.5, 0, 0.5]]).toContainEqual(changes)
})
