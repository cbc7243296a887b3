import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { type Bench, createBench } from './bench.testing.ts'
import { type Listening, listen } from './listen.ts'
import { loadPages } from './pages.ts'

const EXECUTABLE = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium'
/** Set by `npm test` where there is none, which it then says. */
const without = EXECUTABLE === 'missing'
const dist = mkdtempSync(join(tmpdir(), 'fanfare-dist-'))
let redis: TestRedis
let browser: Browser
let bench: Bench
let api: Listening
const merchants: Server[] = []

/** A merchant's page that frames the overlay. */
async function merchant(): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<iframe src="http://127.0.0.1:${api.port}/overlay"></iframe>`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  merchants.push(server)
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

beforeAll(async () => {
  if (without) return
  mkdirSync(join(dist, 'widget/overlay'), { recursive: true })
  mkdirSync(join(dist, 'widget/assets'))
  writeFileSync(
    join(dist, 'widget/overlay/index.html'),
    `<!doctype html><body><script>document.title = 'inline ran'</script>
     <script type="module" src="/widget/assets/overlay.js"></script></body>`,
  )
  writeFileSync(
    join(dist, 'widget/assets/overlay.js'),
    `document.body.dataset.ran = '1'
     fetch('/v1/config').then((r) => r.json()).then(() => { document.body.dataset.own = '1' })
     fetch('http://127.0.0.1:1/').catch((e) => { document.body.dataset.foreign = 'refused' })`,
  )
  redis = await startRedis()
  const store: Store = await redis.connect()
  bench = await createBench(store, { pages: loadPages(dist) })
  api = await listen(bench.api, { port: 0, host: '127.0.0.1' })
  browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
})
afterAll(async () => {
  await browser?.close()
  for (const server of merchants) server.close()
  await api?.close(1000)
  await redis?.stop()
  rmSync(dist, { recursive: true })
})

async function framed(origin: string) {
  const page = await browser.newPage()
  const refused: string[] = []
  page.on('console', (message) => refused.push(message.text()))
  await page.goto(origin)
  const frame = page.frames()[1]
  const ran = await frame
    ?.waitForSelector('body[data-ran]', { timeout: 3000, state: 'attached' })
    .then(() => true)
    .catch(() => false)
  await page.close()
  return { ran, refused: refused.join('\n') }
}

test.skipIf(without)(
  '[A16 C50] a listed page frames the overlay, an unlisted one gets nothing',
  async () => {
    const [listed, unlisted] = [await merchant(), await merchant()]
    bench.deps.site.allowedOrigins = [listed]
    expect(await framed(listed)).toMatchObject({ ran: true })
    const other = await framed(unlisted)
    expect(other.ran).toBe(false)
    expect(other.refused).toContain('frame-ancestors')
  },
)

test.skipIf(without)(
  '[A16] our script runs and asks us; an inline script and a foreign address are refused',
  async () => {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${api.port}/overlay`)
    await page.waitForSelector('body[data-own][data-foreign]', { state: 'attached' })
    expect(await page.title()).toBe('')
    await page.close()
  },
)
