import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { networkOf } from './network.ts'

const pepper = randomBytes(32)

test('[I28] two on one network are told to be, by the address or the first half of an IPv6 one, and no address is kept', () => {
  const same = (a: string, b: string) => networkOf(pepper, a) === networkOf(pepper, b)
  expect(same('203.0.113.9', '203.0.113.9')).toBe(true)
  expect(same('203.0.113.9', '::ffff:203.0.113.9')).toBe(true)
  expect(same('203.0.113.9', '203.0.113.10')).toBe(false)
  expect(same('2001:db8::1', '2001:DB8:0:0:5:6:7:8')).toBe(true)
  expect(same('2001:db8::1', '2001:0db8:0:1::1')).toBe(false)
  expect(networkOf(pepper, '203.0.113.9')).not.toContain('203')
  expect(networkOf(randomBytes(32), '203.0.113.9')).not.toBe(networkOf(pepper, '203.0.113.9'))
  for (const none of ['', 'unknown', '1:2:3:4:5:6:7:8:9:a'])
    expect(networkOf(pepper, none)).toBe(undefined)
})
