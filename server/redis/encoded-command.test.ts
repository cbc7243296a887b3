import * as fc from 'fast-check'
import { Command } from 'ioredis'
import { expect, test } from 'vitest'
import { type Argument, type CallBody, EncodedCommand, encodeCall } from './encoded-command.ts'
import { type ItemWriter, writeCall, writtenKeys } from './written-call.ts'

const argument = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'ff:{p3.x}:a:abcdefgh', '点赞'.repeat(20)),
  fc.oneof(fc.maxSafeInteger(), fc.double({ min: -1e9, max: 1e9, noNaN: true })),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
)
const key = fc.stringMatching(/^ff:\{p1\}:[a-z0-9:]{0,20}$/)
/** The client writes bytes as soon as there are any among the arguments. */
const NO_BYTES = Buffer.alloc(0)

function theirs(keys: readonly string[], argv: readonly Argument[]): Buffer {
  const command = new Command('fcall', ['name', keys.length, ...keys, ...argv])
  command.promise.catch(() => undefined)
  return Buffer.from(command.toWritable({}))
}

function ours(body: CallBody): Buffer {
  const command = new EncodedCommand('name', body)
  command.promise.catch(() => undefined)
  return command.toWritable()
}

test('a command encoded here is the same bytes as the client would have sent', () => {
  fc.assert(
    fc.property(fc.array(key), fc.array(argument, { maxLength: 12 }), (keys, args) => {
      const argv = [...args, NO_BYTES]
      expect(ours(encodeCall(keys.length, [...keys, ...argv]))).toEqual(theirs(keys, argv))
    }),
    { numRuns: 1000 },
  )
})

test('a call whose items write themselves is the same bytes', () => {
  const work = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes))
  const item = fc.record({ keys: fc.tuple(key, key), work })
  const writer: ItemWriter<{ keys: string[]; work: Buffer }> = {
    keys: (of) => writtenKeys(of.keys),
    size: (of) => of.work.length,
    write: (out, of) => void out.raw(of.work),
  }
  fc.assert(
    fc.property(
      fc.array(key, { minLength: 1, maxLength: 3 }),
      fc.array(argument, { maxLength: 5 }),
      fc.array(item, { minLength: 1, maxLength: 60 }),
      (keys, argv, items) => {
        expect(ours(writeCall({ keys, argv, keysPerItem: 2, items, writer }))).toEqual(
          theirs(
            [...keys, ...items.flatMap((of) => of.keys)],
            [...argv, Buffer.concat(items.map((of) => of.work))],
          ),
        )
      },
    ),
    { numRuns: 300 },
  )
})

test('[R3] an item whose keys live in another slot is not sent', () => {
  const writer: ItemWriter<string> = {
    keys: (tag) => writtenKeys([`ff:${tag}:x`]),
    size: () => 0,
    write: () => undefined,
  }
  const call = { keys: ['ff:{p1}:journal'], argv: [], keysPerItem: 1, writer }
  expect(writeCall({ ...call, items: ['{p1}'] }).count).toBe(4)
  expect(() => writeCall({ ...call, items: ['{p1}', '{p2}'] })).toThrow('keys span slots')
})
