/**
 * The least that events cost which are answered after something else has been asked: raw uWebSockets.js, a text in, an
 * answer as long as Fanfare's out, a hundred at a time and later. Nothing is read, nothing is scored.
 */

import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { listening } from './listening.ts'
import type { Uws, UwsSocket } from './uws.ts'

/** Of an answer with one receipt. */
const ANSWER_BYTES = 640
const BATCH = 100
const GATHER_MS = 3

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
const answer = new TextEncoder().encode(`"${'x'.repeat(ANSWER_BYTES - 2)}"`).buffer
/** In the order in which they asked. */
const waiting = new Set<UwsSocket>()
let isGathering = false

function gather(): void {
  if (isGathering) return
  isGathering = true
  setTimeout(answerSome, GATHER_MS)
}

function answerSome(): void {
  isGathering = false
  let left = BATCH
  for (const socket of waiting) {
    if (left-- === 0) break
    waiting.delete(socket)
    socket.send(answer)
  }
  if (waiting.size > 0) gather()
}

const app = (createRequire(import.meta.url)('uWebSockets.js') as Uws).App()
app.ws('/*', {
  message(socket) {
    waiting.add(socket)
    gather()
  },
  close: (socket) => void waiting.delete(socket),
})
app.listen(Number(values.port), listening)
