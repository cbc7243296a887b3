/** A room on raw uWebSockets.js: native publish and nothing else, on demand. */

import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { listening } from './listening.ts'
import type { Uws } from './uws.ts'

/** More is asked by mistake. */
const PUBLISHES_MAX = 10_000

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
const app = (createRequire(import.meta.url)('uWebSockets.js') as Uws).App()

/** `messages` in one turn of the loop, `ticks` times, `everyMs` apart. */
function publish(ticks: number, everyMs: number, messages: readonly string[]): void {
  let left = Math.min(ticks, PUBLISHES_MAX)
  const timer = setInterval(() => {
    if (left-- <= 0) return clearInterval(timer)
    for (const message of messages) app.publish('room', message)
  }, everyMs)
}

app
  .ws('/*', { open: (socket) => void socket.subscribe('room') })
  .get('/publish', (answer, request) => {
    const asked = (name: string) => Number(request.getQuery(name) ?? 1)
    const messages = Array<string>(asked('messages')).fill('x'.repeat(asked('bytes')))
    publish(asked('ticks'), asked('everyMs'), messages)
    answer.end('{}')
  })
  .listen(Number(values.port), listening)
