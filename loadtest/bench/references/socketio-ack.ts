/** Socket.IO that does nothing but answer: what the stack costs before anything is scored. */

import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { Server } from 'socket.io'
import { listening } from './listening.ts'
import type { Uws } from './uws.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    transport: { type: 'string', default: 'uws' },
  },
})
const port = Number(values.port)
const io = new Server({
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
})
io.on('connection', (socket) => {
  socket.on('like.send', (_input: unknown, ack?: (answer: object) => void) => ack?.({ ok: true }))
})
if (values.transport === 'uws') {
  // The service loads it in the same way: optional, and never bundled.
  const app = (createRequire(import.meta.url)('uWebSockets.js') as Uws).App()
  io.attachApp(app as object as Parameters<typeof io.attachApp>[0])
  app.listen(port, listening)
} else {
  io.listen(port)
  listening(true)
}
