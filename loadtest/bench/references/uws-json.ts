/** A hand-made protocol on raw uWebSockets.js: one JSON object in, dispatch by name, one JSON object out. */

import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { listening } from './listening.ts'
import type { Uws } from './uws.ts'

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })

interface Said {
  t: string
  id: number
  d: { seq: number; count: number }
}

const handlers = new Map<string, (input: Said['d']) => object>([
  ['like.send', ({ seq }) => ({ ok: true, seq })],
])

const app = (createRequire(import.meta.url)('uWebSockets.js') as Uws).App()
app.ws('/*', {
  message(socket, message) {
    const { t, id, d } = JSON.parse(Buffer.from(message).toString()) as Said
    const answer = handlers.get(t)?.(d) ?? { ok: false }
    socket.send(JSON.stringify({ id, r: answer }))
  },
})
app.listen(Number(values.port), listening)
