import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { commands, type InputOf } from '../../shared/protocol/index.ts'
import { HotReader } from './hot.ts'
import { readPacket } from './packets.ts'

const names = ['like.send', 'watch.beat'] as const
type HotName = (typeof names)[number]

/** What the reader makes of a frame, as a packet; undefined where it leaves it to the common way. */
function readHot(frame: string) {
  const reader = new HotReader()
  if (!reader.read(Buffer.from(frame))) return undefined
  const { name, ack, seq, count, nonce, visible } = reader.command
  const input = name === 'like.send' ? { seq, count } : { seq, nonce, visible }
  return { name, input, ack: ack < 0 ? undefined : ack }
}

/** What the common way makes of it; undefined where it would be refused. */
function readCommon(frame: string) {
  const packet = readPacket(frame)
  if (packet?.kind !== 'event') return undefined
  const { name, input, ack } = packet
  if (!names.includes(name as HotName)) return undefined
  const parsed = commands[name as HotName].input.safeParse(input)
  return parsed.success ? { name, input: parsed.data, ack } : undefined
}

const shuffled = <T extends object>(input: T): fc.Arbitrary<T> =>
  fc
    .shuffledSubarray(Object.entries(input), { minLength: Object.keys(input).length })
    .map((entries) => Object.fromEntries(entries) as T)
const seq = fc.integer({ min: 1, max: 0xffff_fffe })
const like: fc.Arbitrary<[HotName, object]> = fc
  .record({ seq, count: fc.integer({ min: 1, max: 50 }) })
  .chain(shuffled)
  .map((input): [HotName, InputOf<'like.send'>] => ['like.send', input])
const beat: fc.Arbitrary<[HotName, object]> = fc
  .record({ seq, nonce: fc.integer({ min: 0, max: 0xffff_ffff }), visible: fc.boolean() })
  .chain(shuffled)
  .map((input): [HotName, InputOf<'watch.beat'>] => ['watch.beat', input])
const ack = fc.option(fc.integer({ min: 0, max: 999_999_999 }), { nil: undefined })

test('[GW16] every good frame as clients write it is read from its bytes, and means what the schema says', () => {
  fc.assert(
    fc.property(fc.oneof(like, beat), ack, (said, number) => {
      const frame = `42${number ?? ''}${JSON.stringify(said)}`
      expect(readHot(frame)).toEqual(readCommon(frame))
      expect(readHot(frame)).toEqual({ name: said[0], input: said[1], ack: number })
    }),
    { numRuns: 2000 },
  )
})

/** Numbers and values at and beyond every bound, and what JSON can write but the protocol does not know. */
const odd = fc.oneof(
  fc.constantFrom(
    ...[
      '0',
      '-0',
      '-1',
      '1',
      '50',
      '51',
      '00',
      '01',
      '1e1',
      '1E309',
      '1.0',
      '1.5',
      'true',
      'false',
    ],
    ...[
      '4294967294',
      '4294967295',
      '4294967296',
      '99999999999999999999',
      'null',
      '"1"',
      '[1]',
      '{}',
      'NaN',
      ' 1',
    ],
  ),
  fc.jsonValue().map((value) => JSON.stringify(value)),
)
const key = fc.oneof(
  fc.constantFrom('seq', 'count', 'nonce', 'visible', '__proto__', 'constructor', 's\\u0065q', ''),
  fc.string({ maxLength: 6 }),
)
const oddFrame = fc
  .record({
    head: fc.constantFrom('42', '420', '42007', '42999999999', '421234567890', '42/,', '42 '),
    name: fc.constantFrom('like.send', 'watch.beat', 'like.sen', 'LIKE.send', '__proto__'),
    fields: fc.array(fc.tuple(key, odd), { maxLength: 5 }),
    space: fc.constantFrom('', ' ', '\n'),
    tail: fc.constantFrom(']', '', ']]', ',1]', '] ', '}'),
  })
  .map(
    ({ head, name, fields, space, tail }) =>
      `${head}["${name}",${space}{${fields.map(([k, v]) => `"${k}":${v}`).join(`,${space}`)}}${tail}`,
  )

test('[GW16] whatever is read from bytes, the common way reads the same; nothing is accepted here alone', () => {
  const cut = fc
    .tuple(
      fc.oneof(
        oddFrame,
        fc.oneof(like, beat).map((said) => `421${JSON.stringify(said)}`),
      ),
      fc.nat(80),
    )
    .map(([frame, at]) => frame.slice(0, at))
  const flipped = fc
    .tuple(fc.oneof(like, beat), fc.nat(80), fc.string({ unit: 'binary-ascii', maxLength: 2 }))
    .map(([said, at, text]) => {
      const frame = `421${JSON.stringify(said)}`
      return frame.slice(0, at) + text + frame.slice(at + 1)
    })
  fc.assert(
    fc.property(fc.oneof(oddFrame, cut, flipped, fc.string()), (frame) => {
      const hot = readHot(frame)
      if (hot) expect(hot).toEqual(readCommon(frame))
    }),
    { numRuns: 20_000 },
  )
})

test('[GW16 C39] bytes that are no text are left alone', () => {
  const reader = new HotReader()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = Buffer.from(bytes).toString('latin1')
      expect(reader.read(bytes) && readCommon(text) === undefined).toBe(false)
    }),
    { numRuns: 5000 },
  )
})
