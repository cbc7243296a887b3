import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import * as fc from 'fast-check'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { issueResume, verifyResume } from './resume.ts'
import { sessionKeys, ticketKeys } from './secrets.ts'
import { readSession, signSession } from './session.ts'
import { brandKey, KEYS, NOW, SESSIONS, secret } from './testing.ts'
import { issueTicket, verifyTicket } from './ticket.ts'

const iat = NOW / 1000
const PAYLOAD = {
  sub: 'viewer-1',
  aud: 'room-1',
  role: 'viewer',
  name: '小美',
  jti: 'ticket-1',
  iat,
  exp: iat + 300,
}
const KEY = createSecretKey(Buffer.from('k1 secret of acme'.padEnd(40, '.')))

interface Sign {
  header?: Record<string, string>
  key?: Parameters<SignJWT['sign']>[0]
}
const sign = (payload: Record<string, unknown>, { header = {}, key = KEY }: Sign = {}) =>
  new SignJWT(payload as JWTPayload)
    .setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'JWT', ...header })
    .sign(key)
const check = async (token: string | undefined, room?: string) => {
  const answer = await verifyTicket(KEYS, token, { nowMs: NOW, ...(room ? { room } : {}) })
  return answer.ok ? answer.claims : answer.code
}

test('[I1] a good ticket says who comes where, as what', async () => {
  expect(await check(await sign({ ...PAYLOAD, iss: 'shop', optOut: true }))).toEqual({
    viewer: 'viewer-1',
    room: 'room-1',
    brand: 'acme',
    role: 'viewer',
    name: '小美',
    jti: 'ticket-1',
    optOut: true,
  })
})

test('[I1 C21] nothing and garbage are told apart', async () => {
  expect(await check(undefined)).toBe('ticket_missing')
  expect(await check('')).toBe('ticket_missing')
  for (const garbage of ['x', 'a.b.c', '..', '{}', '\u0000', 'e30.e30.', 'A'.repeat(9000)])
    expect(await check(garbage)).toBe('ticket_invalid')
})

test.each([
  ['sub', 'a}{b'],
  ['sub', ''],
  ['sub', 7],
  ['aud', ['room-1']],
  ['aud', 'r'.repeat(65)],
  ['role', 'admin'],
  ['role', undefined],
  ['name', undefined],
  ['name', 'x'.repeat(401)],
  ['jti', 'a\r\nb'],
  ['jti', undefined],
  ['iat', undefined],
  ['exp', undefined],
  ['exp', '9999999999'],
  ['brand', 'other'],
  ['optOut', 'yes'],
] as const)('[I1 I3 C21 C31] a ticket whose %s is %j is refused', async (claim, value) => {
  expect(await check(await sign({ ...PAYLOAD, [claim]: value }))).toBe('ticket_invalid')
})

test('[I1 C21] where one room is expected, a ticket of another is refused', async () => {
  const token = await sign(PAYLOAD)
  expect(await check(token, 'room-1')).toMatchObject({ room: 'room-1' })
  expect(await check(token, 'room-2')).toBe('ticket_invalid')
})

test('[I2 C21] alg none, a foreign key, an unknown and a missing kid are refused', async () => {
  expect(await check(new UnsecuredJWT({ ...PAYLOAD }).encode())).toBe('ticket_invalid')
  expect(await check(await sign(PAYLOAD, { header: { kid: 'k2' } }))).toBe('ticket_invalid')
  expect(await check(await sign(PAYLOAD, { header: { kid: '__proto__' } }))).toBe('ticket_invalid')
  const bare = new SignJWT(PAYLOAD).setProtectedHeader({ alg: 'HS256' })
  expect(await check(await bare.sign(KEY))).toBe('ticket_invalid')
  const [head, body] = (await sign(PAYLOAD)).split('.')
  expect(await check(`${head}.${body}.`)).toBe('ticket_invalid')
})

test('[I2 C21] an algorithm is pinned per key: a public key is no HMAC secret', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const x = publicKey.export({ format: 'jwk' }).x ?? ''
  const keys = ticketKeys(
    [brandKey('e1', 'acme', `ed25519:${x}`)].map((k) => ({
      ...k,
      secret: secret(`ed25519:${x}`),
    })),
  )
  const verify = async (token: string) => {
    const answer = await verifyTicket(keys, token, { nowMs: NOW })
    return answer.ok ? answer.claims.brand : answer.code
  }
  const header = { alg: 'EdDSA', kid: 'e1' }
  expect(await verify(await sign(PAYLOAD, { header, key: privateKey }))).toBe('acme')
  for (const confused of [x, `ed25519:${x}`, publicKey.export({ format: 'pem', type: 'spki' })])
    expect(
      await verify(
        await sign(PAYLOAD, { header: { kid: 'e1' }, key: createSecretKey(Buffer.from(confused)) }),
      ),
    ).toBe('ticket_invalid')
  expect(await issueTicket(keys, { ...NEW, nowMs: NOW })).toBeUndefined()
})

test.each([
  ['lives five minutes and a second', { exp: iat + 301 }, 'ticket_invalid'],
  ['ended before it began', { exp: iat - 1 }, 'ticket_invalid'],
  ['was made 61 s from now', { iat: iat + 61, exp: iat + 300 }, 'ticket_invalid'],
  ['counts from 61 s from now', { nbf: iat + 62 }, 'ticket_invalid'],
  ['ended 61 s ago', { iat: iat - 300, exp: iat - 61 }, 'ticket_expired'],
])('[I4 C21] a ticket that %s is refused', async (_, times, code) => {
  expect(await check(await sign({ ...PAYLOAD, ...times }))).toBe(code)
})

test('[I4] clocks may differ by a minute', async () => {
  expect(await check(await sign({ ...PAYLOAD, iat: iat + 59, exp: iat + 300 }))).toBeTypeOf(
    'object',
  )
  expect(await check(await sign({ ...PAYLOAD, iat: iat - 300, exp: iat - 58 }))).toBeTypeOf(
    'object',
  )
})

test('[I5 C38] a name is made harmless', async () => {
  const name = async (text: string) => {
    const claims = await check(await sign({ ...PAYLOAD, name: text }))
    return typeof claims === 'object' ? claims.name : claims
  }
  expect(await name('<script>{{7*7}}')).toBe('<script>{{7*7}}')
  expect(await name('\u202e\u200b x\n{"level":60}')).toBe('x {"level":60}')
  expect(await name('一二三四五六七八九十'.repeat(3))).toBe(
    '一二三四五六七八九十一二三四五六七八九十一二三四',
  )
  expect(await name(`a${'\u0489'.repeat(200)}`)).toBe(`a${'\u0489'.repeat(3)}`)
})

const NEW = { viewer: 'v', room: 'r', brand: 'acme', role: 'host', name: 'Ann' } as const

test('[I1] what we issue we verify, and only brands with a secret can issue', async () => {
  const token = await issueTicket(KEYS, { ...NEW, nowMs: NOW, lifeMs: 1e9 })
  expect(await check(token)).toMatchObject(NEW)
  expect(await issueTicket(KEYS, { ...NEW, brand: 'nobody', nowMs: NOW })).toBeUndefined()
})

const RESUME = { ...NEW, role: 'viewer', jti: 'j', optOut: false, account: 2 ** 47 } as const
const resume = async (token: string, nowMs = NOW, keys = SESSIONS) => {
  const answer = await verifyResume(keys, token, nowMs)
  return answer.ok ? answer.claims : answer.code
}

test('[I6] a resume token carries claims and account for 24 h', async () => {
  const { token, expiresAtMs } = await issueResume(SESSIONS, RESUME, NOW)
  expect(expiresAtMs).toBe(NOW + 86_400_000)
  expect(await resume(token)).toEqual(RESUME)
  expect(await resume(token, expiresAtMs - 1000)).toEqual(RESUME)
  expect(await resume(token, expiresAtMs + 61_000)).toBe('ticket_expired')
})

test('[I6] neither token stands for the other, even signed with the same secret', async () => {
  const { token } = await issueResume(SESSIONS, RESUME, NOW)
  expect(await check(token)).toBe('ticket_invalid')
  expect(await resume(await sign(PAYLOAD))).toBe('ticket_invalid')
  const [key] = SESSIONS.resume
  if (!key) throw new Error('no key')
  const mixed = { ...PAYLOAD, room: 'r', brand: 'acme', optOut: false }
  expect(await resume(await sign(mixed, { key }))).toBe('ticket_invalid')
  const posing = ticketKeys([])
  const keys = new Map(posing).set('k1', { kid: 'k1', brand: 'acme', algorithm: 'HS256', key })
  expect(await verifyTicket(keys, token, { nowMs: NOW })).toMatchObject({ ok: false })
})

test('[I6 I7] an older secret that is listed still verifies, one that is not does not', async () => {
  const old = secret('old session secret ...................')
  const next = secret('new session secret ...................')
  const { token } = await issueResume(sessionKeys([old]), RESUME, NOW)
  const session = { account: 5, startMs: NOW, nonce: 9 }
  const text = signSession(sessionKeys([old]), session)
  expect(await resume(token, NOW, sessionKeys([next, old]))).toEqual(RESUME)
  expect(await resume(token, NOW + 1e9, sessionKeys([next, old]))).toBe('ticket_expired')
  expect(await resume(token, NOW, sessionKeys([next]))).toBe('ticket_invalid')
  expect(readSession(sessionKeys([next, old]), text, 5)).toEqual(session)
  expect(readSession(sessionKeys([next]), text, 5)).toBeUndefined()
})

test('[I7] a client session reads back, and no altered one does', () => {
  const session = { account: 2 ** 48 - 2, startMs: NOW, nonce: 0xffff_ffff }
  const text = signSession(SESSIONS, session)
  expect(text).toHaveLength(43)
  expect(readSession(SESSIONS, text, session.account)).toEqual(session)
  expect(readSession(SESSIONS, text, 1)).toBeUndefined()
  for (let i = 0; i < 42; i++) {
    const altered = text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1)
    expect(readSession(SESSIONS, altered, session.account)).toBeUndefined()
  }
  for (const bad of ['', 'x', text.slice(1), `${text}A`, '€'.repeat(43)])
    expect(readSession(SESSIONS, bad, session.account)).toBeUndefined()
})

test('[I3] our own keys sign for any brand, and only tickets that name one', async () => {
  const keys = ticketKeys([brandKey('k1', 'acme')], SESSIONS.ticket)
  const verify = async (token: string | undefined) => {
    const answer = await verifyTicket(keys, token, { nowMs: NOW })
    return answer.ok ? answer.claims.brand : answer.code
  }
  expect(await verify(await issueTicket(keys, { ...NEW, brand: 'silent', nowMs: NOW }))).toBe(
    'silent',
  )
  expect(await verify(await issueTicket(keys, { ...NEW, nowMs: NOW }))).toBe('acme')
  const [kid = ''] = keys.keys()
  const house = keys.get(kid)?.key
  if (!house) throw new Error('no house key')
  expect(await verify(await sign(PAYLOAD, { header: { kid }, key: house }))).toBe('ticket_invalid')
})

test('[I2] a public key that is none is named at start', () => {
  const short = { kid: 'e1', brand: 'acme', secret: secret('ed25519:abc') }
  expect(() => ticketKeys([short])).toThrow('ticket key e1')
})

test('[I1 I2] a ticket that is read at once is judged as jose would judge it', async () => {
  const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 8 })
  const seconds = fc.integer({ min: iat - 1000, max: iat + 1000 })
  const claims = fc.record({
    sub: some(fc.constantFrom('viewer-1', 'a}{b', '', 7)),
    aud: some(fc.constantFrom('room-1', ['room-1'], 'room 1')),
    brand: fc.constantFrom(undefined, 'acme', 'other'),
    role: some(fc.constantFrom('viewer', 'host', 'owner')),
    name: some(fc.string({ unit: 'binary', maxLength: 30 })),
    jti: some(fc.constant('ticket-1')),
    iat: some(fc.oneof(seconds, fc.constantFrom('1', -1))),
    exp: some(fc.oneof(seconds, fc.constantFrom('9', iat, iat + 60, iat - 60))),
    nbf: fc.option(seconds, { nil: undefined, freq: 2 }),
    optOut: fc.constantFrom(undefined, true, false, 'yes'),
  })
  await fc.assert(
    fc.asyncProperty(claims, fc.boolean(), async (payload, forged) => {
      const key = forged ? createSecretKey(Buffer.alloc(40, 'x')) : KEY
      // A member that the quick way does not know sends the same ticket to jose.
      const [quick, slow] = await Promise.all([
        sign(payload, { key }),
        sign(payload, { key, header: { cty: 'x' } }),
      ])
      expect(await check(quick)).toEqual(await check(slow))
    }),
    { numRuns: 300 },
  )
})
