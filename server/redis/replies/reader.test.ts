/** The reader beside the client's own parser: both are given the same bytes, cut anywhere. */

import fc from 'fast-check'
import { Decoder } from 'ioredis/built/resp/decoder.js'
import { expect, test } from 'vitest'
import { ReplyReader } from './reader.ts'
import type { StandingReply } from './standing.ts'
import { Strings } from './strings.ts'

const bulk = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')])
const line = (text: string): Buffer => Buffer.from(`${text}\r\n`)
const many = (sign: string, parts: readonly Buffer[], count = parts.length): Buffer =>
  Buffer.concat([line(`${sign}${count}`), ...parts])

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.constantFrom('', '\r\n', '*2\r\n', '$5', ':1\r\n').map((text) => Buffer.from(text)),
  fc.nat(2000).map((length) => Buffer.alloc(length, 'x')),
)
const words = fc.constantFrom('OK', 'PONG 12', 'ERR no', 'MOVED 12 127.0.0.1:7000')
const plain = fc.oneof(
  bytes.map(bulk),
  fc.integer().map((value) => line(`:${value}`)),
)
/** What a scoring call is answered: numbers and byte strings, in arrays. */
const standing = fc.letrec<{ node: Buffer }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    plain,
    fc.array(tie('node'), { maxLength: 6 }).map((parts) => many('*', parts)),
  ),
})).node
const odd = fc.oneof(
  words.map((text) => line(`+${text}`)),
  words.map((text) => line(`-${text}`)),
  fc
    .constantFrom('$-1', '*-1', '_', '#t', '#f', ',1.5', ',inf', '(123456789012345678901')
    .map(line),
  words.map((text) => Buffer.from(`=${text.length + 4}\r\ntxt:${text}\r\n`)),
)
const anything = fc.letrec<{ node: Buffer }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    plain,
    odd,
    fc.array(tie('node'), { maxLength: 4 }).map((parts) => many('*', parts)),
    fc.array(tie('node'), { maxLength: 4 }).map((parts) => many('~', parts)),
    fc
      .array(fc.tuple(bytes.map(bulk), tie('node')), { maxLength: 3 })
      .map((pairs) => many('%', pairs.flat(), pairs.length)),
  ),
})).node

interface Asked {
  reply: Buffer
  stands: boolean
  isPush: boolean
}

const list = (parts: fc.Arbitrary<Buffer>) =>
  fc.array(parts, { maxLength: 8 }).map((of) => many('*', of))
const asked: fc.Arbitrary<Asked> = fc.oneof(
  list(standing).map((reply) => ({ reply, stands: true, isPush: false })),
  fc.oneof(anything, list(anything)).map((reply) => ({ reply, stands: true, isPush: false })),
  anything.map((reply) => ({ reply, stands: false, isPush: false })),
  fc
    .array(bytes.map(bulk), { minLength: 1, maxLength: 3 })
    .map((of) => ({ reply: many('>', of), stands: false, isPush: true })),
)

/** What came: how the client heard of it, and its values, opened. */
interface Heard {
  as: 'reply' | 'error' | 'push'
  values: string[]
}

/** Arrays and maps opened, numbers as their digits, bytes as text: so much is slow to compare byte by byte. */
function opened(value: unknown): string[] {
  if (Buffer.isBuffer(value)) return [value.toString('latin1')]
  if (value instanceof Error) return [`-${value.message}`]
  if (value instanceof Map || value instanceof Set) return opened([...value])
  return Array.isArray(value) ? value.flatMap(opened) : [String(value)]
}

function clientsParser(hear: (heard: Heard) => void): (chunk: Buffer) => void {
  const bytes = { 36: Buffer, 43: Buffer, 61: Buffer }
  const decoder = new Decoder({
    getTypeMapping: () => bytes,
    onReply: (value: unknown) => hear({ as: 'reply', values: opened(value) }),
    onErrorReply: (value: unknown) => hear({ as: 'error', values: opened(value) }),
    onPush: (value: unknown) => hear({ as: 'push', values: opened(value) }),
  })
  return (chunk) => decoder.write(chunk)
}

function stood({ bytes, bounds, count }: StandingReply): string[] {
  const strings = new Strings(bytes, bounds, { first: 0, length: count })
  return Array.from({ length: count }, (_, i) => strings.at(i).toString('latin1'))
}

/** Cut at these places, in thousandths of the whole and where they are named. */
function cut(all: Buffer, places: readonly number[]): Buffer[] {
  const at = [...places.map((p) => p % (all.length + 1)), 0, all.length].sort((a, b) => a - b)
  return at.slice(1).map((end, i) => all.subarray(at[i], end))
}

test('[R14] whatever is answered, cut anywhere: every reply comes once, in its order, as the client would have read it', () => {
  let taken = 0
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 8 }), fc.array(fc.nat()), (all, places) => {
      const stream = Buffer.concat(all.map(({ reply }) => reply))
      const expected: Heard[] = []
      clientsParser((heard) => expected.push(heard))(stream)

      const waiting = all.filter(({ isPush }) => !isPush)
      const heard: Heard[] = []
      let standing: StandingReply | undefined
      const parse = clientsParser((one) => {
        if (one.as !== 'push') waiting.shift()
        heard.push(standing ? { as: 'reply', values: stood(standing) } : one)
        if (standing) taken += 1
        standing = undefined
      })
      const take = (reply: StandingReply) => {
        standing = reply
      }
      const taker = () => (waiting[0]?.stands ? { take } : undefined)
      const reader = new ReplyReader({ parse, taker })
      for (const chunk of cut(stream, places)) reader.read(Buffer.from(chunk))
      expect(heard).toEqual(expected)
    }),
    { numRuns: 300 },
  )
  expect(taken).toBeGreaterThan(50)
})

test('[R14] behind a reply of a kind that nobody knows, all is the client’s', () => {
  const passed: Buffer[] = []
  const reader = new ReplyReader({
    parse: (chunk) => void passed.push(chunk),
    taker: () => ({ take: () => expect.unreachable('nothing stands') }),
  })
  const stream = Buffer.concat([line('*2'), line(':1'), line('?strange'), many('*', [line(':2')])])
  for (let i = 0; i < stream.length; i++) reader.read(stream.subarray(i, i + 1))
  expect(Buffer.concat(passed)).toEqual(stream)
})
