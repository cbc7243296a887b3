import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ACCOUNT_NUMBER_END, formatAccount, parseAccount } from './ids.ts'

test('an account number is read back from its ten characters', () => {
  fc.assert(
    fc.property(fc.nat(ACCOUNT_NUMBER_END - 1), (account) => {
      expect(formatAccount(account)).toMatch(/^[0-9a-hjkmnp-tv-z]{10}$/)
      expect(parseAccount(formatAccount(account))).toBe(account)
    }),
  )
  const [last, behind] = [ACCOUNT_NUMBER_END - 1, ACCOUNT_NUMBER_END]
  expect(parseAccount(formatAccount(last))).toBe(last)
  expect(parseAccount(formatAccount(behind))).toBeUndefined()
})

test.each(['', '000000001', '00000000001', '000000000l', 'zzzzzzzzzz', '00000000O1'])(
  '%o is no account number',
  (text) => {
    expect(parseAccount(text)).toBeUndefined()
  },
)
