/** What anybody may throw at the port: HTTP, upgrades and frames that are none. The neighbours notice nothing. */

import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAccount } from '../../shared/ids.ts'
import { must } from '../kernel/index.ts'
import { createPartitions } from '../redis/index.ts'
import { readAccount } from '../scoring/index.ts'
import { knock } from '../service.testing.ts'
import { REFUSED_KNOCKS_MAX } from './limits.ts'
import { admittedFrames, type Frames, frames, get, lifetime, rawHttp } from './raw.testing.ts'
import {
  eventually,
  like,
  newTicket,
  type Stand,
  startStand,
  TRANSPORTS,
  transportEnv,
} from './stand.testing.ts'

const stands = new Map<string, Stand>()
/** Opened first and looked at last, because their time is the ping's: 45 s. */
const asleep = new Map<string, Frames[]>()

const tcpOf = (client: Frames) => (client.ws as unknown as { _socket: Socket })._socket

beforeAll(async () => {
  for (const transport of TRANSPORTS) {
    // Who does not read is made to notice by a flood of answers.
    const stand = await startStand({
      ...transportEnv(transport),
      FANFARE_FRAMES_PER_SECOND: '1000000',
    })
    stands.set(transport, stand)
    const mute = await admittedFrames(stand.url, { ticket: await newTicket() })
    const halfFrame = await admittedFrames(stand.url, { ticket: await newTicket() })
    tcpOf(halfFrame).write(Buffer.from([0x81, 0xfe]))
    asleep.set(transport, [mute, halfFrame])
  }
})
afterAll(async () => {
  for (const stand of stands.values()) await stand.stop()
})

describe.each(TRANSPORTS)('on %s', (transport) => {
  const stand = (): Stand => must(stands.get(transport), 'a stand')

  test('[GW1 C1 C2 C3 C4 C6] handshakes that are none get a 400 and leave the process alive', async () => {
    const { url } = stand()
    for (const path of [
      '/socket.io/?EIO=4&transport=websocket',
      '/socket.io/?EIO=4&transport=__proto__',
      '/socket.io/?EIO=4&transport=constructor',
      '/socket.io/?EIO=4&transport=polling',
      '/socket.io/?EIO=4&transport=websocket&sid=__proto__',
      '/socket.io/?EIO=4&transport=websocket&sid=unknown',
      '/socket.io/?EIO=3&transport=websocket',
      '/socket.io/?transport=websocket',
    ])
      expect((await get(url, path)).status, path).toBe(400)
    const request = (method: string, body: string, length = body.length) =>
      rawHttp(
        url,
        `${method} /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: x/y\r\nContent-Length: ${length}\r\n\r\n${body}`,
      )
    expect((await request('PUT', '')).status).toBe(400)
    expect((await request('POST', 'x'.repeat(20_000))).status).toBe(400)
    await stand().neighbourIsServed()
  })

  test('[GW1 C5] a second WebSocket on a session is closed, and the first one lives on', async () => {
    const first = await admittedFrames(stand().url, { ticket: await newTicket() })
    const { sid } = JSON.parse((await first.next(/^0/)).slice(1)) as { sid: string }
    const second = await frames(stand().url, `EIO=4&transport=websocket&sid=${sid}`)
    await second.closed(4000)
    first.send('421["clock.read",{}]')
    expect(await first.next(/^431/)).toContain('"ok":true')
    first.ws.terminate()
    await stand().neighbourIsServed()
  })

  test('[GW1 C7] polling, half a poll and two at once are refused', async () => {
    const { url } = stand()
    const poll = `GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: ${new URL(url).host}\r\n`
    await rawHttp(url, poll, 200)
    expect((await rawHttp(url, `${poll}\r\n${poll}\r\n`)).status).toBe(400)
    await stand().neighbourIsServed()
  })

  test('[GW2 C8] a frame above the limit closes its own connection', async () => {
    const client = await admittedFrames(stand().url, { ticket: await newTicket() })
    client.send(`42["comment.send",{"seq":1,"text":"${'x'.repeat(20_000)}"}]`)
    expect([1006, 1009]).toContain(await client.closed())
    await stand().neighbourIsServed()
  })

  test.each([
    '9',
    '49',
    '42["like',
    '42{}',
    '42["connect"]',
    '42[null]',
    '42[{"toString":1}]',
    '4599["x"]',
    '45999999-["x",{"_placeholder":true,"num":99}]',
    Buffer.from([1, 2, 3]),
  ])('[GW2 C9 C11 C12] the frame %s closes its own connection', async (bad) => {
    const client = await admittedFrames(stand().url, { ticket: await newTicket() })
    client.send(bad)
    await client.closed()
    await stand().neighbourIsServed()
  })

  test('[GW2 C14 C15] events before the handshake and frames without a mask close their own connection', async () => {
    const early = await frames(stand().url)
    await early.next(/^0/)
    early.send('42["like.send",{"seq":1,"count":1}]')
    await early.closed()
    const unmasked = await admittedFrames(stand().url, { ticket: await newTicket() })
    const text = Buffer.from('42["like.send",{"seq":1,"count":1}]')
    // uWebSockets.js does not look at the mask bit; it reads four bytes of text as the mask and gets nonsense.
    for (let i = 0; i < 3; i++)
      tcpOf(unmasked).write(Buffer.concat([Buffer.from([0x81, text.length]), text]))
    await unmasked.closed()
    await stand().neighbourIsServed()
  })

  test('[C10 C13] an event named error and an answer to nothing are ignored or refused, and cost nobody', async () => {
    const client = await admittedFrames(stand().url, { ticket: await newTicket() })
    client.send('421["error",{}]')
    client.send('4399[{}]')
    client.send('42["like.send",{"seq":1,"count":1}]')
    client.send('427["clock.read",{}]')
    expect(await client.next(/^437/)).toContain('"ok":true')
    client.ws.terminate()
    await stand().neighbourIsServed()
  })

  test('[GW3 C14] who does not say who it is within five seconds is closed', async () => {
    const silent = await frames(stand().url)
    await silent.next(/^0/)
    await silent.closed(7000)
  })

  // The front's alone: the library's servers let it happen.
  if (transport === 'front')
    test('[GW3 C21] a connection cannot try one ticket after another', async () => {
      const guessing = await frames(stand().url)
      await guessing.next(/^0/)
      for (let i = 1; i <= REFUSED_KNOCKS_MAX; i++) {
        guessing.send('40{"protocol":1,"ticket":"a.b.c"}')
        await expect.poll(() => guessing.heard.length).toBe(1 + i)
      }
      await guessing.closed()
      await stand().neighbourIsServed()
    })

  if (transport === 'front')
    test('[GW4] who asks for anything but a socket is answered and shown out, so that nobody stays by asking again', async () => {
      const { port, hostname, host } = new URL(stand().url)
      const socket = connect(Number(port), hostname)
      let heard = ''
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        heard += chunk
        if (heard.split('404').length > 3) socket.destroy()
        socket.write(`GET /nothing HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      })
      socket.write(`GET /nothing HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      await new Promise((closed) => socket.once('close', closed))
      expect(heard.match(/HTTP\/1.1 404/g)).toHaveLength(1)
    })

  test('[GW3 C16] slow and silent connections end by themselves', async () => {
    const { url } = stand()
    const lives = await Promise.all([
      lifetime(url, () => undefined, 60_000),
      lifetime(
        url,
        (socket) => {
          socket.write(
            `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${new URL(url).host}\r\n`,
          )
          const drip = setInterval(() => socket.writable && socket.write('X-Slow: 1\r\n'), 2000)
          socket.on('close', () => clearInterval(drip))
        },
        60_000,
      ),
    ])
    for (const ms of lives) expect(ms).toBeLessThan(20_000)
  })

  test('[GW2 C19] tiny fragments without end close their own connection', async () => {
    const client = await admittedFrames(stand().url, { ticket: await newTicket() })
    const before = stand().memory()
    for (let i = 0; i < 30_000 && client.ws.readyState === client.ws.OPEN; i++)
      client.ws.send('x', { fin: false })
    await client.closed(10_000)
    expect(stand().memory() - before).toBeLessThan(64)
    await stand().neighbourIsServed()
  })

  test('[GW7 C18 U3 U4] who stops reading is closed by name, holds little memory, and finds the truth on return', async () => {
    const { store, service, url } = stand()
    const ticket = await newTicket()
    const first = await knock(url, { ticket })
    const account = must(parseAccount(first.welcome.me.handle), 'an account')
    const session = must(first.welcome.session, 'a session')
    first.socket.close()
    const client = await admittedFrames(url, { ticket, session })
    const before = stand().memory()
    tcpOf(client).pause()
    const closed = 'fanfare_gateway_closed_total{reason="slow_consumer"}'
    // Every answer it does not read waits for it: first in the kernel, then in the gateway.
    for (let i = 0; i < 200 && (await stand().metric(closed)) === 0; i++) {
      for (let j = 0; j < 1500; j++) client.send(`42${j}["like.send",{"seq":${j + 1},"count":50}]`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(await stand().metric(closed)).toBe(1)
    await expect.poll(() => service.log()).toContain('slow_consumer')
    expect(stand().memory() - before).toBeLessThan(96)
    await stand().neighbourIsServed()
    client.ws.terminate()

    const back = await knock(url, { resume: first.welcome.resume, session })
    const partitions = createPartitions(8)
    const truth = await readAccount(store, {
      slot: partitions.slotOf(account),
      account,
      live: back.welcome.room.live.no,
      session: { startMs: 0, nonce: 0 },
      timeZone: 'Asia/Shanghai',
      aroundMs: Date.now(),
    })
    expect(back.welcome.account?.version).toBe(truth?.state.version)
    expect(back.welcome.account?.balance).toEqual(truth?.state.balance)
    expect(back.welcome.account?.balance.spendable).toBeGreaterThan(0)
    expect(await like(back.socket, { seq: 100_000, count: 1 })).toMatchObject({ ok: true })
    back.socket.close()
  })

  test('[GW3 C20 C15] who answers no ping is closed, and so is who never finishes a frame', async () => {
    for (const client of must(asleep.get(transport), 'sleepers')) await client.closed(60_000)
    await stand().neighbourIsServed()
  })
})

test('[GW4 C17] one address holds as many sockets as allowed, admitted or on the way; others still come in', async () => {
  const stand = await startStand({ FANFARE_SOCKETS_PER_IP: '20', FANFARE_TRUSTED_PROXIES: '1' })
  try {
    // At once: none may find a place free that another is about to take.
    const tickets = await Promise.all(Array.from({ length: 30 }, () => newTicket()))
    const answers = await Promise.allSettled(tickets.map((ticket) => knock(stand.url, { ticket })))
    const opened = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(opened).toHaveLength(19)
    for (const one of answers)
      if (one.status === 'rejected') expect(String(one.reason)).toContain('too_many_sockets')
    const waiting = await Promise.all(Array.from({ length: 60 }, () => frames(stand.url)))
    const inside = waiting.filter(({ ws }) => ws.readyState === ws.OPEN)
    expect(inside.length).toBeGreaterThan(0)
    expect(inside.length).toBeLessThanOrEqual(20)
    // The proxy names another address.
    const elsewhere = await get(
      stand.url,
      '/socket.io/?EIO=4&transport=websocket',
      'X-Forwarded-For: 10.1.1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
    )
    expect(elsewhere.status).toBe(101)
    opened.pop()?.socket.close()
    await Promise.all(inside.map((client) => client.closed(8000)))
    const again = await eventually(
      async () => knock(stand.url, { ticket: await newTicket() }).catch(() => undefined),
      'a free place',
    )
    again.socket.close()
    for (const { socket } of opened) socket.close()
  } finally {
    await stand.stop()
  }
})
