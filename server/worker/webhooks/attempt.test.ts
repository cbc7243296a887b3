import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../shared/time.ts'
import { verifySignature } from '../../identity/index.ts'
import { JITTER, RETRY_DELAYS_MS, SECRET_OVERLAP_MS, signingKeys } from '../../webhooks/index.ts'
import { headersOf, retryDelayMs } from './attempt.ts'

const chanceOf = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('[K10] each delay is within a tenth of its table, never falls by more than that, and they end', () => {
  fc.assert(
    fc.property(
      fc.array(chanceOf, {
        minLength: RETRY_DELAYS_MS.length,
        maxLength: RETRY_DELAYS_MS.length,
      }),
      (chances) => {
        const delays = chances.map((chance, i) =>
          retryDelayMs(i + 1, { delaysMs: RETRY_DELAYS_MS, chance: () => chance }),
        )
        delays.forEach((delay = 0, i) => {
          const wanted = RETRY_DELAYS_MS[i] ?? 0
          expect(delay).toBeGreaterThanOrEqual(Math.floor(wanted * (1 - JITTER)))
          expect(delay).toBeLessThanOrEqual(Math.ceil(wanted * (1 + JITTER)))
          expect(Number.isInteger(delay)).toBe(true)
        })
        const sum = delays.reduce<number>((all, delay = 0) => all + delay, 0)
        expect(sum).toBeGreaterThan(20 * HOUR_MS)
        expect(sum).toBeLessThan(27 * HOUR_MS)
        const after = RETRY_DELAYS_MS.length + 1
        expect(retryDelayMs(after, { delaysMs: RETRY_DELAYS_MS, chance: () => 0 })).toBeUndefined()
      },
    ),
  )
})

test('[K10] the table begins with 10 s, ends with 8 h, rises, and lasts about a day', () => {
  expect(RETRY_DELAYS_MS[0]).toBe(10 * SECOND_MS)
  expect(RETRY_DELAYS_MS.at(-1)).toBe(8 * HOUR_MS)
  expect([...RETRY_DELAYS_MS].sort((a, b) => a - b)).toEqual(RETRY_DELAYS_MS)
  const sum = RETRY_DELAYS_MS.reduce((all, delay) => all + delay, 0)
  expect(Math.abs(sum - DAY_MS)).toBeLessThan(HOUR_MS)
})

test('[K2 K9] a delivery verifies as our own callers do, with the old secret for a day and not longer', () => {
  const pepper = Buffer.alloc(32, 1)
  const nowMs = 1_800_000_000_000
  const webhook = {
    id: 'wh_1',
    brand: 'acme',
    url: 'https://shop.test:8443/hooks?a=1',
    events: [],
    active: true,
    secretNo: 2,
    secretAtMs: nowMs,
    createdAtMs: 0,
  }
  const due = {
    webhook: 'wh_1',
    id: 'd-1',
    delivery: { type: 'ping', atMs: 1, data: {}, attempts: 2 },
  }
  const good = (secretNo: number, atMs: number, body = '{"é":1}') => {
    const headers = headersOf(webhook, { due, body: '{"é":1}', pepper, nowMs: atMs })
    expect(headers['fanfare-attempt']).toBe('3')
    expect(headers['content-length']).toBe('8')
    const [key] = signingKeys(pepper, { ...webhook, secretNo, secretAtMs: 0 }, atMs)
    if (!key) throw new Error('no key')
    const keys = new Map([['wh_1', { kid: 'wh_1', brand: 'acme', key }]])
    return verifySignature(keys, headers['x-fanfare-signature'], {
      method: 'POST',
      path: '/hooks?a=1',
      body,
      nowMs: atMs,
    }).ok
  }
  expect(good(2, nowMs)).toBe(true)
  expect(good(1, nowMs)).toBe(true)
  expect(good(3, nowMs)).toBe(false)
  expect(good(2, nowMs, '{"é":2}')).toBe(false)
  expect(good(2, nowMs + SECRET_OVERLAP_MS)).toBe(true)
  expect(good(1, nowMs + SECRET_OVERLAP_MS)).toBe(false)
})
