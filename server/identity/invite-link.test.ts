import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ACCOUNT_NUMBER_END, formatAccount } from '../../shared/ids.ts'
import { inviteHandle, openInviteHandle } from './invite-link.ts'

const pepper = randomBytes(32)

test('[I27] a link names its owner to this service alone, is always the same, and cannot be made up', () => {
  const owner = fc.record({
    account: fc.nat({ max: ACCOUNT_NUMBER_END - 1 }),
    brandNo: fc.nat({ max: 2 ** 32 - 1 }),
  })
  fc.assert(
    fc.property(owner, fc.integer({ min: 0, max: 21 }), (one, at) => {
      const handle = inviteHandle(pepper, one)
      expect(openInviteHandle(pepper, handle)).toEqual(one)
      expect(inviteHandle(pepper, one)).toBe(handle)
      expect(handle).not.toContain(formatAccount(one.account))
      const changed = handle.slice(0, at) + (handle[at] === 'Q' ? 'g' : 'Q') + handle.slice(at + 1)
      expect(openInviteHandle(pepper, changed)).toBeUndefined()
      expect(openInviteHandle(randomBytes(32), handle)).toBeUndefined()
    }),
  )
  expect(openInviteHandle(pepper, formatAccount(5))).toBeUndefined()
})
