import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, readBody } from './json.ts'

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

test('[A4] a body that is cut off is refused, and no fault of ours', async () => {
  const body = new ReadableStream({
    start: (stream) => stream.enqueue(Buffer.from('{"key":')),
    pull: (stream) => stream.error(new Error('aborted')),
  })
  const request = new Request('http://here/', { method: 'POST', body, duplex: 'half' } as object)
  expect(await readBody(request)).toBeUndefined()
})
