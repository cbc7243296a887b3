/** A room with everything real around it: Redis, the built service, viewers from Node, pages of other origins. */

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, createServer as createTcp, type Socket } from 'node:net'
import type { Page } from 'playwright-core'
import { freePort } from '../loadtest/processes/free-port.ts'
import { loadConfig } from '../server/config.ts'
import { apiKeys, SIGNATURE_HEADER, signRequest } from '../server/identity/index.ts'
import { must } from '../server/kernel/index.ts'
import { buildWhenStale } from '../server/provision.mjs'
import { startRedis, type TestRedis } from '../server/redis/testing.ts'
import { knock, startService, type TestService, testTicket } from '../server/service.testing.ts'
import { until } from './browser.testing.ts'
import { type Client, createClient } from './client/index.ts'

/** One address that leads to one of several gateways, as a proxy does, and can be cut. */
export interface Line {
  port: number
  /** Ends all connections and refuses new ones. */
  cut(): void
  leadTo(gatewayUrl: string): void
}

async function openLine(): Promise<Line & { close(): void }> {
  let target: number | undefined
  const open = new Set<Socket>()
  const join = (client: Socket) => {
    if (target === undefined) {
      client.destroy()
      return
    }
    const server = connect(target, '127.0.0.1')
    for (const [end, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(end)
      end.on('error', () => other.destroy())
      end.on('close', () => {
        open.delete(end)
        other.destroy()
      })
      end.pipe(other)
    }
  }
  const listener = createTcp(join).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  const cut = () => {
    target = undefined
    for (const end of open) end.destroy()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut,
    leadTo(gatewayUrl) {
      target = Number(new URL(gatewayUrl).port)
    },
    close() {
      cut()
      listener.close()
    },
  }
}

export interface Story {
  redis: TestRedis
  /** Pages, HTTP API and worker. */
  api: TestService
  gateways: [TestService, TestService]
  /** What the pages are told is the gateway. */
  line: Line
  /** A viewer without a page, straight on the second gateway. */
  viewer(name: string): Promise<Client>
  /** The truth: what the service says of a viewer who comes in now. */
  balanceOf(viewer: string, name: string): Promise<number>
  /** As the merchant's server does, with the sample key of the demo; throws where it is refused. */
  call<T>(method: string, path: string, body?: object): Promise<T>
  end(): Promise<void>
}

const demoApiKeys = () =>
  apiKeys(loadConfig({ REDIS_URL: 'redis://127.0.0.1', FANFARE_DEMO: '1' }).keys.api)

/** The demo room behind one API, one worker and two gateways. */
export async function startStory(): Promise<Story> {
  await buildWhenStale()
  const redis = await startRedis()
  const line = await openLine()
  const api = await startService({
    redisUrl: redis.url,
    roles: 'api,worker',
    env: { FANFARE_GATEWAY_PORT: String(line.port) },
  })
  const start = () =>
    startService({
      redisUrl: redis.url,
      roles: 'gateway',
      env: { FANFARE_ALLOWED_ORIGINS: api.apiUrl },
    })
  const gateways: [TestService, TestService] = [await start(), await start()]
  line.leadTo(gateways[0].gatewayUrl)
  const clients: Client[] = []
  let calls = 0
  return {
    redis,
    api,
    gateways,
    line,
    async viewer(name) {
      const viewer = `node-${clients.length}`
      const client = createClient({
        url: gateways[1].gatewayUrl,
        role: 'viewer',
        getTicket: () => testTicket({ viewer, name }),
      })
      clients.push(client)
      client.connect()
      await until(
        async () => client.state.status.phase,
        (phase) => phase === 'online',
        { what: `${name}'s connection` },
      )
      return client
    },
    async balanceOf(viewer, name) {
      const ticket = await testTicket({ viewer, name })
      const { socket, welcome } = await knock(gateways[1].gatewayUrl, { ticket })
      socket.close()
      const { account } = welcome
      return account ? account.balance.spendable + account.balance.session : Number.NaN
    },
    async call<T>(method: string, path: string, body?: object) {
      const text = body ? JSON.stringify(body) : ''
      const key = must([...demoApiKeys().values()][0], 'a key of the demo')
      const answer = await fetch(`${api.apiUrl}${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': `story-${++calls}-call`,
          [SIGNATURE_HEADER]: signRequest(key, { method, path, body: text, nowMs: Date.now() }),
        },
        ...(body && { body: text }),
      })
      const said = (await answer.json()) as { ok: boolean } & T
      if (!said.ok) throw new Error(JSON.stringify(said))
      return said
    },
    async end() {
      for (const client of clients) client.close()
      line.close()
      await Promise.allSettled([api, ...gateways].map((service) => service.kill()))
      await redis.stop()
    },
  }
}

/** Makes a page be somebody: the demo otherwise gives every page another account. */
export const asViewer =
  (viewer: string, name: string) =>
  async (page: Page): Promise<void> => {
    await page.route('**/v1/demo/ticket', async (route) => {
      const ticket = await testTicket({ viewer, name })
      await route.fulfill({ json: { ok: true, ticket, viewer, room: 'demo' } })
    })
  }

export interface Merchant {
  origin: string
  close(): void
}

/** Somebody else's web server. */
export async function startMerchant(
  answer: (path: string) => Promise<{ type: string; body: string }>,
): Promise<Merchant> {
  const port = await freePort()
  const server: Server = createServer(async (request, response) => {
    const { type, body } = await answer(request.url ?? '/')
    response.setHeader('content-type', type)
    response.end(body)
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() }
}
