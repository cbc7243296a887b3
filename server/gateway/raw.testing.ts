/** Sockets as an attacker writes them: raw HTTP, raw frames, no library in between. */

import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'

export interface HttpAnswer {
  status: number
  body: string
}

/** Sends text as it is and reads until the server closes or a whole answer is there. */
export function rawHttp(url: string, text: string, waitMs = 3000): Promise<HttpAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((done) => {
    let heard = ''
    const socket = connect(Number(port), hostname, () => socket.write(text))
    const finish = () => {
      socket.destroy()
      const [head = '', ...body] = heard.split('\r\n\r\n')
      done({ status: Number(head.split(' ')[1] ?? 0), body: body.join('\r\n\r\n') })
    }
    const timer = setTimeout(finish, waitMs)
    socket.on('data', (chunk) => {
      heard += chunk
      if (/\r\n\r\n/.test(heard) && !/transfer-encoding|HTTP\/1.1 101/i.test(heard)) {
        clearTimeout(timer)
        setTimeout(finish, 30)
      }
    })
    socket.on('close', () => {
      clearTimeout(timer)
      finish()
    })
    socket.on('error', () => undefined)
  })
}

export const get = (url: string, path: string, headers = ''): Promise<HttpAnswer> =>
  rawHttp(url, `GET ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${headers}\r\n`)

/** A TCP connection that says little; resolves with the milliseconds until the server closed it. */
export function lifetime(
  url: string,
  act: (socket: Socket) => void,
  mostMs: number,
): Promise<number> {
  const { hostname, port } = new URL(url)
  const startedMs = performance.now()
  return new Promise((done) => {
    const socket = connect(Number(port), hostname, () => act(socket))
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      done(performance.now() - startedMs)
    }
    const timer = setTimeout(end, mostMs)
    socket.on('data', () => undefined)
    socket.on('close', end)
    socket.on('error', end)
  })
}

export interface Frames {
  ws: WebSocket
  heard: string[]
  send(frame: string | Buffer): void
  /** The first frame that matches, heard already or within `ms`. */
  next(match: RegExp, ms?: number): Promise<string>
  /** The close code; rejects where the connection lives on. */
  closed(ms?: number): Promise<number>
}

/** An engine.io WebSocket without Socket.IO on it. */
export async function frames(
  gatewayUrl: string,
  query = 'EIO=4&transport=websocket',
): Promise<Frames> {
  const ws = new WebSocket(`${gatewayUrl.replace('http', 'ws')}/socket.io/?${query}`)
  const heard: string[] = []
  let code: number | undefined
  ws.on('message', (data) => heard.push(String(data)))
  ws.on('close', (closed) => {
    code = closed
  })
  ws.on('error', () => undefined)
  const poll = async <T>(read: () => T | undefined, ms: number, what: string): Promise<T> => {
    for (let waited = 0; waited <= ms; waited += 10) {
      const found = read()
      if (found !== undefined) return found
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error(`${what} within ${ms} ms; heard ${JSON.stringify(heard).slice(0, 500)}`)
  }
  await poll(
    () => (ws.readyState === ws.OPEN || code !== undefined ? true : undefined),
    3000,
    'no open',
  )
  return {
    ws,
    heard,
    send: (frame) => ws.send(frame),
    next: (match, ms = 3000) =>
      poll(() => heard.find((frame) => match.test(frame)), ms, `no ${match}`),
    closed: (ms = 3000) => poll(() => code, ms, 'not closed'),
  }
}

/** Connected, admitted and welcomed, still as frames. */
export async function admittedFrames(gatewayUrl: string, auth: object): Promise<Frames> {
  const client = await frames(gatewayUrl)
  await client.next(/^0/)
  client.send(`40${JSON.stringify({ protocol: 1, ...auth })}`)
  await client.next(/^42\["session.welcomed"/)
  return client
}
