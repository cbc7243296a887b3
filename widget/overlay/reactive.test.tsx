/** Signals: effects run for what they read, once for what changes together. */

import { expect, it } from 'vitest'
import { batch, computed, effect, signal } from './reactive.ts'

it('runs an effect for what it read the last time, and for nothing else', () => {
  const which = signal('a')
  const a = signal(1)
  const b = signal(10)
  const seen: number[] = []
  const end = effect(() => {
    seen.push(which.value === 'a' ? a.value : b.value)
  })
  b.value = 11
  a.value = 2
  a.value = 2
  which.value = 'b'
  a.value = 3
  b.value = 12
  end()
  b.value = 13
  expect(seen).toEqual([1, 2, 11, 12])
})

it('tells once what changes together, also through what is worked out', () => {
  const a = signal(1)
  const b = signal(1)
  const sum = computed(() => a.value + b.value)
  const seen: number[] = []
  effect(() => {
    seen.push(sum.value)
  })
  batch(() => {
    a.value = 2
    batch(() => {
      b.value = 3
    })
  })
  expect(seen).toEqual([2, 5])
})

it('what an effect changes is told when it is done', () => {
  const asked = signal(0)
  const answered = signal(0)
  const seen: number[] = []
  effect(() => {
    answered.value = asked.value * 2
    seen.push(asked.value)
  })
  effect(() => {
    seen.push(answered.value)
  })
  asked.value = 4
  expect(seen).toEqual([0, 0, 4, 8])
})

it('stops effects that cause each other for ever, and goes on', () => {
  const n = signal(0)
  expect(() =>
    effect(() => {
      n.value++
    }),
  ).toThrow('without end')
  const m = signal(1)
  const seen: number[] = []
  effect(() => {
    seen.push(m.value)
  })
  m.value = 2
  expect(seen).toEqual([1, 2])
})

it('an effect that throws does not take the others along', () => {
  const n = signal(0)
  effect(() => {
    if (n.value === 1) throw new Error('broken')
  })
  expect(() => {
    n.value = 1
  }).toThrow('broken')
  const seen: number[] = []
  effect(() => {
    seen.push(n.value)
  })
  n.value = 2
  expect(seen).toEqual([1, 2])
})
