/** What docs/webhooks.md tells receivers is what the service does. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RETRY_DELAYS_MS, WEBHOOK_EVENT_NAMES, webhookSecret } from '../server/webhooks/index.ts'
import { headersOf } from '../server/worker/webhooks/attempt.ts'

const page = readFileSync('docs/webhooks.md', 'utf8')

interface Snippet {
  verify(of: {
    secret: string
    header: string
    path: string
    body: string | Buffer
    nowMs?: number
  }): boolean
}

test('[K9] the lines given to receivers verify a delivery and nothing else', async () => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
  const { verify } = (await import(/* @vite-ignore */ url)) as Snippet
  const pepper = Buffer.alloc(32, 9)
  const nowMs = 1_800_000_000_000
  const webhook = {
    id: 'wh_1',
    brand: 'acme',
    url: 'https://shop.test/hooks?a=1',
    events: [],
    active: true,
    secretNo: 2,
    secretAtMs: nowMs,
    createdAtMs: 0,
  }
  const body = '{"name":"小美"}'
  const due = {
    webhook: 'wh_1',
    id: 'd',
    delivery: { type: 'ping', atMs: 1, data: {}, attempts: 0 },
  }
  const headers = headersOf(webhook, { due, body, pepper, nowMs })
  const header = String(headers['x-fanfare-signature'])
  const good = {
    secret: webhookSecret(pepper, { id: 'wh_1', no: 2 }),
    header,
    path: '/hooks?a=1',
    body,
    nowMs,
  }
  expect(verify(good)).toBe(true)
  expect(verify({ ...good, body: Buffer.from(body) })).toBe(true)
  expect(verify({ ...good, secret: webhookSecret(pepper, { id: 'wh_1', no: 1 }) })).toBe(true)
  expect(verify({ ...good, secret: webhookSecret(pepper, { id: 'wh_1', no: 3 }) })).toBe(false)
  expect(verify({ ...good, body: `${body} ` })).toBe(false)
  expect(verify({ ...good, path: '/hooks' })).toBe(false)
  expect(verify({ ...good, nowMs: nowMs + 301_000 })).toBe(false)
  for (const broken of [
    '',
    't=1',
    header.slice(0, header.indexOf('v1=') + 30),
    header.replace('t=1', 't=2'),
    'v1=,t=,v1',
  ])
    expect(verify({ ...good, header: broken })).toBe(false)
})

test('every event and every delay stands on the page', () => {
  for (const name of WEBHOOK_EVENT_NAMES) expect(page).toContain(`\`${name}\``)
  const said = (ms: number) =>
    ms < 60_000 ? `${ms / 1000} s` : ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`
  const delays = RETRY_DELAYS_MS.map(said)
  const sentence = `${delays.slice(0, -1).join(', ')} and ${delays.at(-1)}`
  expect(page.replaceAll(/\s+/g, ' ')).toContain(sentence)
})
