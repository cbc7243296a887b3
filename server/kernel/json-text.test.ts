import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, parseJson } from './json-text.ts'

const parse = (text: string) => parseJson(Buffer.from(text))

const hasTrick = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(
    ([key, inner]) => ['__proto__', 'constructor', 'prototype'].includes(key) || hasTrick(inner),
  )

test('[A4 C39] any JSON reads as JSON.parse reads it, but for tricks', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      // Written anew: generated texts may name a key twice, which is refused too.
      const value: unknown = JSON.parse(text)
      expect(parse(JSON.stringify(value))).toEqual(hasTrick(value) ? undefined : { value })
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['{"a":1,"a":2}'],
  ['{"a":{"b":1,"b":2}}'],
  ['{"a":1,"\\u0061":2}'],
  ['{"x":[{"__proto__":1}]}'],
  ['{"constructor" : 1}'],
  ['{"proto\\u0074ype":1}'],
  [`${'['.repeat(33)}${']'.repeat(33)}`],
  ['{'],
  [''],
  ['NaN'],
])('[A4 C39 C40] %s is refused', (text) => {
  expect(parse(text)).toBeUndefined()
})

test.each([
  ['{"a":"a","b":{"a":1},"c":[{"a":1},{"a":1}]}'],
  ['{"a":"\\"{[","b":"__proto__"}'],
  [`${'['.repeat(32)}${']'.repeat(32)}`],
])('[A4] %s is read', (text) => {
  expect(parse(text)).toEqual({ value: JSON.parse(text) })
})

test('[A11] equal values are one text, in whatever order their keys were written', () => {
  const shuffled = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shuffled)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, inner]) => [key, shuffled(inner)]),
          )
        : value
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const value: unknown = JSON.parse(text)
      const canonical = canonicalJson(value)
      expect(canonicalJson(shuffled(value))).toBe(canonical)
      expect(JSON.parse(canonical)).toEqual(value)
    }),
    { numRuns: 300 },
  )
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}')
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]))
})
