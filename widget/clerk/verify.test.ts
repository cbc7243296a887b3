/** A phone tells good codes from others by itself. */

import { createSign, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ticketText } from '../../shared/pickup.ts'
import { verifyCode } from './verify.ts'

const NOW_MS = Date.UTC(2026, 10, 22)
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' }) as { x?: string; y?: string }
const point = {
  point: 'wensan',
  keys: [{ kid: 'a', jwk: { kty: 'EC' as const, crv: 'P-256' as const, x, y } }],
}
const { subtle } = globalThis.crypto
const text = (given = {}) =>
  ticketText({
    point: 'wensan',
    code: '7K4M29QX3R',
    reward: 'oats',
    untilMs: NOW_MS + 60_000,
    ...given,
  })
const signed = (ticket: string, key = pair.privateKey) =>
  `${ticket}:${createSign('SHA256').update(ticket).sign({ key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
const verify = (qr: string, given = {}) =>
  verifyCode(qr, point, { nowMs: NOW_MS, subtle, ...given })

describe('signature', () => {
  it('[CK1 002-27] a code of the service is good without network', async () => {
    const answer = await verify(signed(text()))
    expect(answer).toMatchObject({ ok: true, ticket: { code: '7K4M29QX3R', reward: 'oats' } })
  })

  it('[CK1 002-27] a changed, copied or self-made code is not', async () => {
    const good = signed(text())
    const swapped = good.replace('7K4M29QX3R', '7K4M29QX3S')
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    expect(await verify(swapped)).toEqual({ ok: false, why: 'forged' })
    expect(await verify(signed(text(), other))).toEqual({ ok: false, why: 'forged' })
    expect(await verify('https://example.com/?x=1')).toEqual({ ok: false, why: 'foreign' })
    expect(await verify(`${good}A`)).toEqual({ ok: false, why: 'foreign' })
  })

  it('[CK1] a good code of another point, or too late, is refused with that reason', async () => {
    expect(await verify(signed(text({ point: 'west' })))).toEqual({ ok: false, why: 'elsewhere' })
    expect(await verify(signed(text()), { nowMs: NOW_MS + 61_000 })).toEqual({
      ok: false,
      why: 'over',
    })
  })

  it('[CK1] a browser that cannot verify says so', async () => {
    expect(await verify(signed(text()), { subtle: undefined })).toEqual({
      ok: false,
      why: 'cannot',
    })
  })
})
