import { expect, test } from 'vitest'
import { AddressLimit, isLocal } from './addresses.ts'
import { ADDRESSES_MAX } from './limits.ts'

const request = (headers = {}) => new Request('http://x/', { headers })
const forwarded = request({ 'x-forwarded-for': '6.6.6.6, 203.0.113.7, 10.0.0.2' })

test('[A18] only an unforwarded connection from loopback is local', () => {
  for (const peer of ['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'])
    expect(isLocal(request(), peer)).toBe(true)
  for (const peer of ['', '10.0.0.1', '::ffff:10.0.0.1', '127.0.0.1.evil', '2001:db8::1'])
    expect(isLocal(request(), peer)).toBe(false)
  expect(isLocal(forwarded, '127.0.0.1')).toBe(false)
  for (const name of ['forwarded', 'via', 'x-real-ip', 'x-forwarded-proto', 'x-forwarded-host'])
    expect(isLocal(request({ [name]: 'x' }), '127.0.0.1')).toBe(false)
})

test('[A18] a proxy that says nothing is known by the host that was asked for', () => {
  for (const host of ['localhost:7070', '127.0.0.1:7070', '[::1]:7070', 'localhost'])
    expect(isLocal(request({ host }), '127.0.0.1')).toBe(true)
  for (const host of ['points.example', 'localhost.evil.example', '127.0.0.1.evil.example:80'])
    expect(isLocal(request({ host }), '127.0.0.1')).toBe(false)
})

test('[A9] addresses are limited one by one, and remembered in bounded number', () => {
  const limit = new AddressLimit(2)
  expect([0, 0, 0].map(() => limit.take('a', 1000))).toEqual([0, 0, 60_000])
  expect(limit.take('b', 1000)).toBe(0)
  expect(limit.take('a', 61_000)).toBe(0)
  for (let i = 0; i < ADDRESSES_MAX; i++) limit.take(`x${i}`, 61_000)
  // The longest quiet one gave way, so it starts anew.
  expect([0, 0].map(() => limit.take('a', 61_000))).toEqual([0, 0])
})
