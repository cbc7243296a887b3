import { expect, it } from 'vitest'
import { createServerClock } from './clock.ts'

it('[CL32] a welcome says what time it is, also where that is earlier than anything heard before', () => {
  const clock = createServerClock()
  clock.welcomed(1_000_000, 0, 50)
  clock.pulsed(4_600_000, 100)
  expect(clock.latestServerMs(100)).toBe(4_600_000)
  clock.welcomed(1_002_000, 2000, 50)
  expect(clock.latestServerMs(2000)).toBe(1_002_000)
})
