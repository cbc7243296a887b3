/** One viewer's connection: a plain socket, an upgrade by hand, frames. */

import { connect, type Socket } from 'node:net'
import { CLOSE_OPCODE, PING_OPCODE, PONG_FRAME, readFrames, textFrame } from './frames.ts'
import type { Heard, Said, Speech } from './speech.ts'

/** All sockets read into the same bytes: each is done with them before the next one reads. */
const shared = Buffer.allocUnsafe(262_144)
/** Of one frame at a time; made once, for a generator hears more than it does anything else. */
const said: Said = { bytes: shared, from: 0, to: 0 }
const HEADERS_END = '\r\n\r\n'
const PONG = textFrame('3')
/** What a server may leave unfinished between two reads. */
const REST_MAX = 4_194_304

export interface LinkOptions {
  port: number
  speech: Speech
  ticket: string
  /** Whole texts of the server, without those that keep the connection alive. */
  onHeard: (heard: Heard, said: Said) => void
  onGone: (why: string) => void
}

export class Link {
  readonly #socket: Socket
  readonly #options: LinkOptions
  #upgraded = false
  #rest: Buffer | undefined
  #gone = false

  constructor(options: LinkOptions) {
    this.#options = options
    this.#socket = connect({
      port: options.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length, bytes) => {
          this.#read(bytes as Buffer, length)
          return true
        },
      },
    })
    this.#socket.on('connect', () => this.#socket.write(this.#upgrade(), 'latin1'))
    this.#socket.on('error', (error) => this.#end(error.message))
    this.#socket.on('close', () => this.#end('closed'))
  }

  /** ASCII only. */
  say(text: string): void {
    this.#socket.write(textFrame(text), 'latin1')
  }

  /** Several texts in one write, which usually is one TCP segment. */
  sayAll(texts: readonly string[]): void {
    this.#socket.write(texts.map(textFrame).join(''), 'latin1')
  }

  close(): void {
    this.#gone = true
    this.#socket.destroy()
  }

  #upgrade(): string {
    return [
      `GET ${this.#options.speech.path} HTTP/1.1`,
      `Host: 127.0.0.1:${this.#options.port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: ZmFuZmFyZSBiZW5jaC4uLg==',
      HEADERS_END.slice(2),
    ].join('\r\n')
  }

  #end(why: string): void {
    if (this.#gone) return
    this.#gone = true
    this.#options.onGone(why)
  }

  #read(bytes: Buffer, length: number): void {
    let from = 0
    let all = bytes
    let end = length
    if (this.#rest) {
      all = Buffer.concat([this.#rest, bytes.subarray(0, length)])
      end = all.length
      this.#rest = undefined
    }
    if (!this.#upgraded) {
      const headers = all.toString('latin1', 0, end)
      const at = headers.indexOf(HEADERS_END)
      if (at < 0) return this.#keep(all, 0, end)
      if (!headers.startsWith('HTTP/1.1 101')) {
        this.#end(headers.slice(0, headers.indexOf('\r\n')))
        return this.close()
      }
      this.#upgraded = true
      from = at + HEADERS_END.length
      if (this.#options.speech.readyAtOnce) this.#options.onHeard('ready', said)
    }
    const part = all.subarray(from, end)
    const read = readFrames(part, part.length, (opcode, start, to) => {
      said.bytes = part
      said.from = start
      said.to = to
      this.#frame(opcode)
    })
    this.#keep(part, read, part.length)
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    if (from === to) return
    if (to - from > REST_MAX) return this.close()
    this.#rest = Buffer.from(bytes.subarray(from, to))
  }

  #frame(opcode: number): void {
    if (opcode === CLOSE_OPCODE) return this.#end('closed by the server')
    if (opcode === PING_OPCODE) return void this.#socket.write(PONG_FRAME, 'latin1')
    const heard = this.#options.speech.meaning(said)
    if (heard === 'ping') return void this.#socket.write(PONG, 'latin1')
    if (heard === 'hello') return this.say(this.#options.speech.introduction(this.#options.ticket))
    this.#options.onHeard(heard, said)
  }
}
