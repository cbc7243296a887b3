/** What docs/webhooks.md tells receivers is what the service does. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { RETRY_DELAYS_MS, WEBHOOK_EVENT_NAMES, webhookSecret } from '../server/webhooks/index.ts'
import { headersOf } from '../server/worker/webhooks/attempt.ts'

const page = readFileSync('docs/webhooks.md', 'utf8')

interface Given {
  secret: string
  header: string
  path: string
  body: string
  nowMs: number
}

function deliveries(): { good: Given[]; bad: Given[] } {
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
  const secret = (no: number) => webhookSecret(pepper, { id: 'wh_1', no })
  const good = { secret: secret(2), header, path: '/hooks?a=1', body, nowMs }
  const broken = [
    '',
    't=1',
    header.slice(0, header.indexOf('v1=') + 30),
    header.replace('t=1', 't=2'),
    'v1=,t=,v1',
    `t=${nowMs / 1000},v1=小美`,
  ]
  return {
    good: [good, { ...good, secret: secret(1) }, { ...good, nowMs: nowMs + 299_000 }],
    bad: [
      { ...good, secret: secret(3) },
      { ...good, body: `${body} ` },
      { ...good, path: '/hooks' },
      { ...good, nowMs: nowMs + 301_000 },
      ...broken.map((one) => ({ ...good, header: one })),
    ],
  }
}

const lines = (language: string): string =>
  new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? ''
const { good, bad } = deliveries()
const verdicts = [...good.map(() => true), ...bad.map(() => false)]

test('[K9] the lines given to receivers verify a delivery and nothing else', async () => {
  const url = `data:text/javascript;base64,${Buffer.from(lines('js')).toString('base64')}`
  const { verify } = (await import(/* @vite-ignore */ url)) as {
    verify(of: Given | (Omit<Given, 'body'> & { body: Buffer })): boolean
  }
  expect([...good, ...bad].map(verify)).toEqual(verdicts)
  for (const one of good) expect(verify({ ...one, body: Buffer.from(one.body) })).toBe(true)
})

const runs = (program: string, flag: string): boolean => spawnSync(program, [flag]).status === 0
const input = JSON.stringify([...good, ...bad])

test.skipIf(!runs('python3', '--version'))('[K9] the same in Python', () => {
  const main = `
import json, sys
given = json.load(sys.stdin)
print(json.dumps([verify(o["secret"], o["header"], o["path"], o["body"].encode(), o["nowMs"] / 1000) for o in given]))`
  const { stdout, stderr } = spawnSync('python3', ['-c', lines('python') + main], { input })
  expect(JSON.parse(String(stdout) || '[]'), String(stderr)).toEqual(verdicts)
})

test.skipIf(!runs('go', 'version'))('[K9] the same in Go', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'verify.go'), lines('go').replace('package fanfare', 'package main'))
  writeFileSync(
    join(folder, 'main.go'),
    `package main

import (
	"encoding/json"
	"os"
	"time"
)

func main() {
	var given []struct { Secret, Header, Path, Body string; NowMs int64 }
	json.NewDecoder(os.Stdin).Decode(&given)
	said := []bool{}
	for _, o := range given {
		said = append(said, Verify(o.Secret, o.Header, o.Path, []byte(o.Body), time.UnixMilli(o.NowMs)))
	}
	json.NewEncoder(os.Stdout).Encode(said)
}
`,
  )
  const files = ['verify.go', 'main.go'].map((name) => join(folder, name))
  const { stdout, stderr } = spawnSync('go', ['run', ...files], { input })
  expect(JSON.parse(String(stdout) || '[]'), String(stderr)).toEqual(verdicts)
})

test('every event and every delay stands on the page', () => {
  for (const name of WEBHOOK_EVENT_NAMES) expect(page).toContain(`\`${name}\``)
  const said = (ms: number) =>
    ms < 60_000 ? `${ms / 1000} s` : ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`
  const delays = RETRY_DELAYS_MS.map(said)
  const sentence = `${delays.slice(0, -1).join(', ')} and ${delays.at(-1)}`
  expect(page.replaceAll(/\s+/g, ' ')).toContain(sentence)
})
