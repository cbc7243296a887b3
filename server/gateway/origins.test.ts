import { expect, test } from 'vitest'
import { createOriginCheck } from './origins.ts'

const check = createOriginCheck({
  publicUrl: undefined,
  apiPort: 7070,
  allowed: [
    { origin: 'https://example.com', brand: undefined },
    { origin: 'https://live.acme.test', brand: 'acme' },
  ],
})
const host = '127.0.0.1:7071'

test('[C26] only listed origins open sockets, letter by letter', () => {
  expect(check({ origin: 'https://example.com', host })).toBe(true)
  for (const origin of [
    'https://evil-example.com',
    'https://example.com.evil.test',
    'http://example.com',
    'https://example.com:444',
    'https://example.com/',
    'javascript:alert(1)',
    '',
  ])
    expect(check({ origin, host }), origin).toBe(false)
})

test('[C26] a listed origin of one brand opens nothing of another', () => {
  const asking = { origin: 'https://live.acme.test', host }
  expect(check(asking, { brand: 'acme', role: 'viewer' })).toBe(true)
  expect(check(asking, { brand: 'other', role: 'viewer' })).toBe(false)
})

test('[C26] a null origin may only look; a program has none and needs its ticket', () => {
  expect(check({ origin: 'null', host }, { brand: 'acme', role: 'stage' })).toBe(true)
  expect(check({ origin: 'null', host }, { brand: 'acme', role: 'viewer' })).toBe(false)
  expect(check({ origin: undefined, host })).toBe(true)
})

test('our own pages are on the same host at the API port, or at the public URL and nowhere else', () => {
  expect(check({ origin: 'http://127.0.0.1:7070', host })).toBe(true)
  expect(check({ origin: 'http://localhost:7070', host })).toBe(false)
  expect(check({ origin: 'http://127.0.0.1:8080', host })).toBe(false)
  const proxied = createOriginCheck({
    publicUrl: 'https://points.shop.test',
    apiPort: 7070,
    allowed: [],
  })
  expect(proxied({ origin: 'https://points.shop.test', host })).toBe(true)
  expect(proxied({ origin: 'http://127.0.0.1:7070', host })).toBe(false)
})
