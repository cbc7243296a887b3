/** A merchant's server for tests: real HTTP, and it behaves as the test says. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface Heard {
  path: string
  headers: IncomingMessage['headers']
  body: string
  /** The body as JSON. */
  told: { id: string; type: string; atMs: number; brand: string; data: Record<string, unknown> }
}

/** Answers a status, or deals with the response itself and answers undefined. */
export type Behaviour = (heard: Heard, response: ServerResponse) => number | undefined

export async function startReceiver(behave: Behaviour = () => 200) {
  const heard: Heard[] = []
  const state = { behave, open: 0, mostOpen: 0 }
  const server = createServer(async (request, response) => {
    state.open++
    state.mostOpen = Math.max(state.mostOpen, state.open)
    response.once('close', () => {
      state.open--
    })
    let body = ''
    for await (const chunk of request) body += chunk
    const one = {
      path: request.url ?? '',
      headers: request.headers,
      body,
      told: JSON.parse(body) as Heard['told'],
    }
    heard.push(one)
    const status = state.behave(one, response)
    if (status !== undefined) response.writeHead(status).end('thank you')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hooks?shop=1`,
    heard,
    state,
    ids: () => heard.map(({ told }) => told.id),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>
