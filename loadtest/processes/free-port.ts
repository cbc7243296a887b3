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
/** Processes that look for ports at the same time have numbers near each other, so each has ports of its own: every hundredth. */
const SHARES = 100
const OF_EACH = COUNT / SHARES
let turn = Math.floor(Math.random() * OF_EACH)

/**
 * A port of this machine on which nothing listens. Between this and its server's start nobody else is given it: ports of this
 * process are given in turn, and other processes have others.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < OF_EACH; tries++) {
    turn = (turn + 1) % OF_EACH
    const port = FIRST + turn * SHARES + (process.pid % SHARES)
    if (await listens(port)) return port
  }
  throw new Error(`${OF_EACH} ports from ${FIRST} on were all in use`)
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
