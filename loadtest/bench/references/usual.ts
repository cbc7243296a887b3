/**
 * The usual way to build such a room: Socket.IO on ws, one script call on Redis per event, and, where asked for,
 * every event told to the whole room. No validation, no receipts, no journal: it does less than Fanfare.
 */

import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { listening } from './listening.ts'
import { USUAL_SCRIPT } from './usual-script.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    redis: { type: 'string', default: '0' },
    broadcast: { type: 'boolean', default: false },
  },
})
const redis = new Redis({ port: Number(values.redis), host: '127.0.0.1' })
const sha = String(await redis.script('LOAD', USUAL_SCRIPT))
const io = new Server({
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
})

io.on('connection', (socket) => {
  void socket.join('room')
  socket.on('like.send', async (input: { count: number }, ack?: (answer: object) => void) => {
    const now = Date.now()
    const points = await redis.evalsha(
      sha,
      3,
      `usual:v:${socket.id}`,
      'usual:board',
      'usual:journal',
      input.count,
      now,
      socket.id,
    )
    if (values.broadcast)
      io.to('room').emit('liked', { by: socket.id, count: input.count, points, at: now })
    ack?.({ ok: true, points })
  })
})
io.listen(Number(values.port))
listening(true)
