import { expect, test } from 'vitest'
import { apiKeys, signRequest, verifySignature } from './signature.ts'
import { brandKey, NOW } from './testing.ts'

const keys = apiKeys([brandKey('s1', 'acme'), brandKey('s2', 'acme'), brandKey('s9', 'other')])
const key = (kid: string) => {
  const found = keys.get(kid)
  if (!found) throw new Error(kid)
  return found
}
const REQUEST = { method: 'POST', path: '/v1/events?x=1', body: '{"a":1}', nowMs: NOW }
const HEADER = signRequest(key('s1'), REQUEST)
const check = (header: string | undefined, request: Partial<typeof REQUEST> = {}) => {
  const answer = verifySignature(keys, header, { ...REQUEST, ...request })
  return answer.ok ? `${answer.kid} ${answer.brand}` : answer.code
}

test('[I16] a signed request is believed, for the brand of its key', () => {
  expect(HEADER).toMatch(/^t=1790856000,kid=s1,v1=[0-9a-f]{64}$/)
  expect(check(HEADER)).toBe('s1 acme')
  expect(check(signRequest(key('s9'), REQUEST))).toBe('s9 other')
})

test('[I16 C27] no signature, a changed body, method, path or time, another key: signature_invalid', () => {
  expect(check(undefined)).toBe('signature_invalid')
  expect(check(HEADER, { body: '{"a":2}' })).toBe('signature_invalid')
  expect(check(HEADER, { method: 'PUT' })).toBe('signature_invalid')
  expect(check(HEADER, { path: '/v1/events' })).toBe('signature_invalid')
  expect(check(HEADER.replace('t=1790856000', 't=1790856001'))).toBe('signature_invalid')
  expect(check(HEADER.replace('s1', 's9'))).toBe('signature_invalid')
  expect(check(HEADER.replace('s1', 'nobody'))).toBe('signature_invalid')
})

test('[I16 C27] two headers, doubled fields and malformed ones are refused', () => {
  for (const bad of [
    `${HEADER}, ${HEADER}`,
    `${HEADER},${HEADER}`,
    `${HEADER},`,
    ` ${HEADER}`,
    HEADER.toUpperCase(),
    HEADER.slice(0, -1),
    `${HEADER}${`,v1=${'0'.repeat(64)}`.repeat(4)}`,
    `${HEADER},v2=${'0'.repeat(64)}`,
    't=,kid=,v1=',
  ])
    expect(check(bad)).toBe('signature_invalid')
})

test('[I16] one of several digests is enough', () => {
  const other = `,v1=${'0'.repeat(64)}`
  expect(check(HEADER + other)).toBe('s1 acme')
  expect(check(HEADER.replace(',v1', `${other},v1`))).toBe('s1 acme')
})

test('[I17 C27] six minutes early or late is stale, four are not', () => {
  const MINUTE = 60_000
  expect(check(HEADER, { nowMs: NOW + 6 * MINUTE })).toBe('signature_stale')
  expect(check(HEADER, { nowMs: NOW - 6 * MINUTE })).toBe('signature_stale')
  expect(check(HEADER, { nowMs: NOW + 4 * MINUTE })).toBe('s1 acme')
  expect(check(HEADER, { nowMs: NOW - 4 * MINUTE })).toBe('s1 acme')
})

test('[I18 C27] both keys of a rotation verify, the one taken out no longer', () => {
  expect(check(signRequest(key('s2'), REQUEST))).toBe('s2 acme')
  const later = apiKeys([brandKey('s2', 'acme')])
  expect(verifySignature(later, HEADER, REQUEST)).toEqual({ ok: false, code: 'signature_invalid' })
})
