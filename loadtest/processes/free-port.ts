/** Ports for processes that are told theirs when they start. */

import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below what systems give to outgoing connections (from 32,768 on Linux, 49,152 elsewhere), so that none of thousands of
 * them takes the port before its server listens; and ten thousand wide, so that the bus of a Redis of a cluster, which
 * listens 10,000 above, meets neither.
 */
const FIRST = 11_000
const COUNT = 10_000
const TRIES_MAX = 100

/** A port of this machine on which nothing listens. Drawn at random: other test processes look for theirs meanwhile. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    if (await listens(port)) return port
  }
  throw new Error(`${TRIES_MAX} ports from ${FIRST} on were all in use`)
}

/** On all addresses, as servers do; a port that is free on one of them only is of no use. */
async function listens(port: number): Promise<boolean> {
  const server = createServer().listen(port)
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
