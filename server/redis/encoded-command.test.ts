import * as fc from 'fast-check'
import { Command } from 'ioredis'
import { expect, test } from 'vitest'
import { encode } from './encoded-command.ts'

const argument = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'ff:{p3.x}:a:abcdefgh', '点赞'.repeat(20)),
  fc.oneof(fc.maxSafeInteger(), fc.double({ min: -1e9, max: 1e9, noNaN: true })),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
)

test('a command encoded here is the same bytes as the client would have sent', () => {
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 12 }), (args) => {
      const command = new Command('evalsha', [...args, Buffer.alloc(0)])
      command.promise.catch(() => undefined)
      const theirs = Buffer.from(command.toWritable({}))
      expect(encode(['evalsha', ...args, Buffer.alloc(0)])).toEqual(theirs)
    }),
    { numRuns: 1000 },
  )
})
