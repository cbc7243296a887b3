import { expect, test } from 'vitest'
import { Hearing } from './hearing.ts'
import { BUS_BEAT_MS, BUS_SILENT_MS } from './limits.ts'

/** Time that passes only when told to, and a line that can be cut. */
function createLine() {
  let now = 0
  let beat: () => void = () => undefined
  const line = { isCut: false, missed: 0, silent: 0, pass }
  const hearing = new Hearing({
    clock: {
      now: () => now,
      every(_, run) {
        beat = run
        return () => undefined
      },
    },
    async say(text) {
      if (!line.isCut) hearing.heard(text)
    },
    onMissed: () => line.missed++,
    onSilent: () => line.silent++,
  })
  hearing.start()
  function pass(ms: number): void {
    for (const until = now + ms; now < until; ) {
      now += BUS_BEAT_MS
      beat()
    }
  }
  return { line, hearing }
}

test('[GW21 F17] a line that is whole misses nothing; after a cut, whatever was said meanwhile is asked for once', () => {
  const { line } = createLine()
  line.pass(20 * BUS_BEAT_MS)
  expect(line).toMatchObject({ missed: 0, silent: 0 })
  line.isCut = true
  line.pass(2 * BUS_BEAT_MS)
  expect(line.missed).toBe(0)
  line.isCut = false
  line.pass(5 * BUS_BEAT_MS)
  expect(line).toMatchObject({ missed: 1, silent: 0 })
})

test('[GW21 F17] a connection that came back between two numbers is known to have missed something', () => {
  const { line, hearing } = createLine()
  line.pass(BUS_BEAT_MS)
  hearing.lost()
  line.pass(3 * BUS_BEAT_MS)
  expect(line.missed).toBe(1)
})

test('[GW21 F17] a line on which nothing comes is made anew, and again as long as nothing comes', () => {
  const { line } = createLine()
  line.pass(BUS_BEAT_MS)
  line.isCut = true
  line.pass(2 * BUS_SILENT_MS)
  expect(line.silent).toBe(2)
  line.isCut = false
  line.pass(BUS_BEAT_MS)
  expect(line.missed).toBe(1)
})
