import { createHmac, createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmacSha256 } from './hmac.ts'

const bytes = (most: number) => fc.uint8Array({ maxLength: most }).map((some) => Buffer.from(some))

test('[I2] a signature is HMAC-SHA256, whatever the lengths of key and text', () => {
  fc.assert(
    fc.property(bytes(200), fc.oneof(fc.string({ unit: 'binary' }), bytes(300)), (key, text) => {
      const wanted = createHmac('sha256', key).update(text).digest('base64url')
      expect(hmacSha256(createSecretKey(key), text)).toBe(wanted)
      expect(hmacSha256(key, text)).toBe(wanted)
    }),
  )
})

test('a text that is longer than all before is signed as a whole', () => {
  const key = Buffer.from('key')
  const text = '长'.repeat(5000)
  expect(hmacSha256(key, text)).toBe(createHmac('sha256', key).update(text).digest('base64url'))
})
