/** The whole product by its first command: started, used, stopped and started again. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../loadtest/processes/free-port.ts'
import type { AccountState, Scored } from '../shared/account-state.ts'
import { type Client, createClient, systemRuntime } from '../widget/client/index.ts'
import { endAll, type Launch, startLauncher } from './launch.testing.ts'
import { buildWhenStale } from './provision.mjs'

/** Of the requirement; a build is not part of it, and is there before. */
const READY_MS_MAX = 20_000

const launches: Launch[] = []
let dataDir: string
let env: Record<string, string>

beforeAll(async () => {
  await buildWhenStale()
  dataDir = mkdtempSync(join(tmpdir(), 'fanfare-start-'))
  env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    FANFARE_DATA_DIR: dataDir,
    FANFARE_API_PORT: String(await freePort()),
    FANFARE_GATEWAY_PORT: String(await freePort()),
    FANFARE_LOG_LEVEL: 'warn',
  }
})
afterAll(async () => {
  await endAll(launches)
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(): Promise<Launch> {
  const launch = startLauncher('server/launch.mjs', env)
  launches.push(launch)
  await launch.says('Ctrl-C stops it')
  return launch
}

async function getTicket(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${env.FANFARE_API_PORT}/v1/demo/ticket`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ viewer: 'xiaomei', name: '小美' }),
  })
  const { ticket } = (await response.json()) as { ticket: string }
  return ticket
}

async function connect(): Promise<Client> {
  const client = createClient({
    url: `http://127.0.0.1:${env.FANFARE_GATEWAY_PORT}`,
    getTicket,
    role: 'viewer',
    runtime: systemRuntime,
  })
  client.connect()
  await expect.poll(() => client.state.status.phase, { timeout: 10_000 }).toBe('online')
  await expect.poll(() => client.state.account, { timeout: 10_000 }).toBeDefined()
  return client
}

const sum = ({ balance }: AccountState): number =>
  Object.values(balance).reduce((total, part) => total + part, 0)

test('from the command to points, and the next start has every balance', async () => {
  const begin = performance.now()
  const first = await start()
  expect(performance.now() - begin).toBeLessThan(READY_MS_MAX)
  for (const [, url = ''] of first.output().matchAll(/ (http:\S+)$/gm)) {
    const { status } = await fetch(url.replace('localhost', '127.0.0.1'))
    expect(`${status} ${url}`).toBe(`200 ${url}`)
  }

  const viewer = await connect()
  const scored = new Promise<Scored>((resolve) => {
    viewer.on('scored', (event) => {
      if (event.name === 'like.send') resolve(event.scored)
    })
  })
  viewer.like(7)
  const { account, receipts } = await scored
  expect(receipts[0]?.points).toBeGreaterThan(0)
  expect(sum(account)).toBe(receipts.reduce((total, { points }) => total + points, 0))

  first.child.kill('SIGINT')
  expect(await first.ended).toBe(0)
  viewer.close()

  await start()
  const again = await connect()
  expect(again.state.account?.balance).toEqual(account.balance)
  expect(again.state.account?.tier).toEqual(account.tier)
  again.close()
})
