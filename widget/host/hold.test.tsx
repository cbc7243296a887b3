/** Leaving safe mode takes a press that lasts. */

import { describe, expect, it } from 'vitest'
import { createHold } from './hold.ts'
import { testRuntime } from './testing.ts'

function holding() {
  const runtime = testRuntime()
  let done = 0
  const hold = createHold({ ms: 1000, after: runtime.after, done: () => done++ })
  return { runtime, hold, done: () => done }
}

describe('hold', () => {
  it('does nothing when it is let go before its time', () => {
    const { runtime, hold, done } = holding()
    hold.press()
    runtime.pass(999)
    hold.release()
    runtime.pass(5000)
    expect(done()).toBe(0)
    expect(hold.pressed.value).toBe(false)
  })

  it('counts once per press that lasts', () => {
    const { runtime, hold, done } = holding()
    hold.press()
    hold.press()
    runtime.pass(1000)
    expect(done()).toBe(1)
    runtime.pass(5000)
    hold.release()
    expect(done()).toBe(1)
    hold.press()
    runtime.pass(1000)
    expect(done()).toBe(2)
  })

  it('does not add up short presses', () => {
    const { runtime, hold, done } = holding()
    for (let i = 0; i < 5; i++) {
      hold.press()
      runtime.pass(400)
      hold.release()
    }
    expect(done()).toBe(0)
  })
})
