import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { networkOf, placeOf } from './network.ts'

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

test('[I30 A9] a place counts trusted hops from the right, so nobody writes an own one', () => {
  const forwarded = '6.6.6.6, 203.0.113.7, 10.0.0.2'
  expect(placeOf('10.0.0.1', forwarded, 0)).toBe('10.0.0.1')
  expect(placeOf('10.0.0.1', forwarded, 1)).toBe('10.0.0.2')
  expect(placeOf('10.0.0.1', forwarded, 2)).toBe('203.0.113.7')
  expect(placeOf('10.0.0.1', '203.0.113.7', 2)).toBe('203.0.113.7')
  expect(placeOf('10.0.0.1', undefined, 2)).toBe('10.0.0.1')
})

test('[I30] the addresses of one IPv6 network are one place, and so is one address however a proxy writes it', () => {
  const place = (forwarded: string) => placeOf('10.0.0.1', forwarded, 1)
  expect(place('2001:db8::1')).toBe(place('2001:DB8:0:0:ffff:1:2:3'))
  expect(place('2001:db8::1')).not.toBe(place('2001:db8:0:1::1'))
  expect(place('[2001:db8::1]:443')).toBe(place('2001:db8::2'))
  for (const same of ['203.0.113.7:51234', '::ffff:203.0.113.7', '::FFFF:cb00:7107'])
    expect(place(same)).toBe('203.0.113.7')
  // Whatever it may be, it is a place of its own.
  for (const other of ['unknown', '_hidden', '1:2:3:4:5:6:7:8:', 'fe80::1%eth0', '999.1.1.1'])
    expect(place(other)).toBe(other)
})

test('[I28] of a place the network is that of its address', () => {
  for (const ip of ['203.0.113.9', '2001:db8:1:2:3:4:5:6', '::1'])
    expect(networkOf(pepper, placeOf(ip, undefined, 0))).toBe(networkOf(pepper, ip))
})
