import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonBytes, part } from './json-bytes.ts'

const piece = fc.oneof(
  fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 40 }) }),
  fc.record({ number: fc.maxSafeNat() }),
  fc.record({ raw: fc.uint8Array({ maxLength: 40 }) }),
)

test('[S33] what is written as bytes is the text, whatever its length, also where memory has to grow', () => {
  fc.assert(
    fc.property(fc.array(piece), fc.maxSafeNat(), fc.constantFrom(32, 64), (pieces, head, room) => {
      const out = new JsonBytes(room)
      for (const times of [1, 2]) {
        out.clear(room)
        const expected: Buffer[] = []
        for (const one of pieces) {
          if ('text' in one) out.put(part(one.text))
          else if ('number' in one) out.number(one.number)
          else out.raw(one.raw)
          expected.push(
            Buffer.from('text' in one ? one.text : 'number' in one ? `${one.number}` : one.raw),
          )
        }
        out.before('[').numberBefore(head).before(`${times}`)
        const whole = Buffer.concat([Buffer.from(`${times}${head}[`), ...expected])
        expect(Buffer.from(out.view())).toEqual(whole)
        expect(out.length).toBe(whole.length)
      }
    }),
  )
})

test('[S33] numbers at the ends of their digits are written as they are', () => {
  const powers = Array.from({ length: 16 }, (_, digits) => 10 ** digits)
  for (const value of [0, 2 ** 53 - 1, 2 ** 31, ...powers, ...powers.map((power) => power - 1)])
    expect(new JsonBytes().clear().number(value).toString()).toBe(String(value))
})
