import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAnswer } from './answer.ts'

const points = fc.nat(Number.MAX_SAFE_INTEGER)
const answered = fc.record({
  ok: fc.boolean(),
  dup: fc.option(fc.constant(true), { nil: undefined }),
  account: fc.option(
    fc.record({ balance: fc.record({ spendable: points }), live: fc.record({ points }) }),
    { nil: undefined },
  ),
  receipts: fc.array(fc.record({ points: fc.nat(1_000_000), seq: fc.nat() }), { maxLength: 4 }),
})

test('an answer is read from its bytes as JSON reads it, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.nat(999_999), answered, fc.array(answered), (seq, said, neighbours) => {
      const frame = (of: object) => `43${seq}[${JSON.stringify(of)}]`
      const before = neighbours.map(frame).join('')
      const text = frame(said)
      const bytes = Buffer.from(before + text + before)
      const earned = said.receipts.reduce((sum, receipt) => sum + receipt.points, 0)
      const [from, to] = [before.length, before.length + text.length]
      expect(readAnswer({ bytes, from, to })).toEqual({
        seq,
        ok: said.ok,
        dup: said.ok && said.dup === true,
        spendable: said.ok && said.account ? said.account.balance.spendable : -1,
        points: said.ok ? earned : 0,
      })
    }),
  )
})
