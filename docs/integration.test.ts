/** What docs/integration.md tells backends to sign is what the service believes. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { apiKeys, ticketKeys, verifySignature, verifyTicket } from '../server/identity/index.ts'

const page = readFileSync('docs/integration.md', 'utf8')
const NOW = 1_800_000_000_000
const secret = 'a secret of thirty-two bytes, or more'
const key = { kid: 'k1', secret }
const known = { kid: 'k1', brand: 'acme', secret: { reveal: () => secret } }

interface Snippet {
  signTicket(of: typeof key, claims: Record<string, unknown>): string
  signCall(of: typeof key, request: Record<string, unknown>): string
}
const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
const { signTicket, signCall } = (await import(/* @vite-ignore */ url)) as Snippet

test('[I1 I2] the lines given to backends make tickets that admit, for five minutes', async () => {
  const ticket = signTicket(key, { viewer: 'u-1001', name: '小美', room: 'r42', nowMs: NOW })
  const keys = ticketKeys([known])
  expect(await verifyTicket(keys, ticket, { nowMs: NOW })).toMatchObject({
    ok: true,
    claims: { viewer: 'u-1001', name: '小美', room: 'r42', brand: 'acme', role: 'viewer' },
  })
  const late = { nowMs: NOW + 7 * 60_000 }
  expect(await verifyTicket(keys, ticket, late)).toMatchObject({ code: 'ticket_expired' })
})

test('[I16] and signatures of calls that are believed', () => {
  const request = { method: 'POST', path: '/v1/events?a=1', body: '{"name":"小美"}', nowMs: NOW }
  const header = signCall(key, request)
  expect(verifySignature(apiKeys([known]), header, request)).toMatchObject({ brand: 'acme' })
  const other = { ...request, path: '/v1/events' }
  expect(verifySignature(apiKeys([known]), header, other).ok).toBe(false)
})
