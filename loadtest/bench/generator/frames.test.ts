import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { readFrames, TEXT_OPCODE, textFrame } from './frames.ts'

/** A frame as servers send it: without a mask. */
function served(text: string): Buffer {
  const body = Buffer.from(text)
  const { length } = body
  if (length < 126) return Buffer.concat([Buffer.of(0x81, length), body])
  if (length < 65_536) return Buffer.concat([Buffer.of(0x81, 126, length >> 8, length & 255), body])
  const head = Buffer.alloc(10)
  head.writeUInt16BE(0x817f)
  head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, body])
}

function texts(bytes: Buffer): { heard: string[]; rest: number } {
  const heard: string[] = []
  const rest = readFrames(bytes, bytes.length, (opcode, from, to) => {
    expect(opcode).toBe(TEXT_OPCODE)
    heard.push(bytes.toString('latin1', from, to))
  })
  return { heard, rest }
}

describe('frames', () => {
  test.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('a frame of %i bytes is read', (length) => {
    const text = 'x'.repeat(length)
    expect(texts(served(text)).heard).toEqual([text])
  })

  test('cut at any byte, whole frames are read and the rest is left', () => {
    const first = served('a'.repeat(130))
    const all = Buffer.concat([first, served('b')])
    for (let cut = 0; cut <= all.length; cut++) {
      const { heard, rest } = texts(all.subarray(0, cut))
      expect(rest).toBe(cut < first.length ? 0 : cut < all.length ? first.length : all.length)
      expect(heard).toHaveLength(cut < first.length ? 0 : cut < all.length ? 1 : 2)
    }
  })

  test('a server of another make understands what is written, short and long', async () => {
    const server = new WebSocketServer({ port: 0, perMessageDeflate: false })
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    const [peer] = await once(server, 'connection')
    const heard: string[] = []
    peer.on('message', (data: Buffer) => heard.push(data.toString()))
    const said = ['', 'short', 'y'.repeat(125), 'z'.repeat(126), 'w'.repeat(4000)]
    for (const text of said) socket.write(textFrame(text), 'latin1')
    while (heard.length < said.length) await once(peer, 'message')
    expect(heard).toEqual(said)
    socket.destroy()
    server.close()
  })
})
