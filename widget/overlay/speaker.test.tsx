/** The live region: merged, and at most one announcement every three seconds. */

import { expect, it } from 'vitest'
import { ManualRuntime } from '../client/testing.ts'
import { SPEAK_MAX, SPEAK_MS } from './limits.ts'
import { effect } from './reactive.ts'
import { createSpeaker } from './speaker.ts'

it('[O14] says together what happens together, and rests in between', () => {
  const runtime = new ManualRuntime()
  const speaker = createSpeaker(runtime)
  const said: { atMs: number; text: string }[] = []
  effect(() => {
    said.push({ atMs: runtime.now(), text: speaker.spoken.value })
  })
  said.length = 0
  for (let i = 1; i <= 100; i++) {
    speaker.say('gain', `+${i}`)
    if (i === 1) speaker.say('task', 'start')
    runtime.advance(100)
  }
  expect(said[0]?.text).toBe('start · +3')
  const gaps = said.slice(1).map(({ atMs }, i) => atMs - (said[i]?.atMs ?? 0))
  expect(gaps.length).toBeGreaterThan(2)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(SPEAK_MS)
})

it('[O14] drops the oldest where too much waits', () => {
  const runtime = new ManualRuntime()
  const speaker = createSpeaker(runtime)
  for (let i = 0; i <= SPEAK_MAX; i++) speaker.say(`topic ${i}`, `${i}.`)
  runtime.advance(SPEAK_MS)
  expect(speaker.spoken.value).toBe('1. · 2. · 3. · 4.')
})
