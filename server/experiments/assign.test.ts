import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assign, type Shares } from './assign.ts'

const seeds = { seed: 20, numRuns: 10 }
const ACCOUNTS = 3000
/** Four standard deviations: of the runs here none is that far off by chance, and the seeds are fixed. */
const FAR = 4

const shares = fc
  .tuple(
    fc.string({ minLength: 1 }),
    fc.array(fc.integer({ min: 1, max: 250 }), { minLength: 2, maxLength: 5 }),
  )
  .map(
    ([salt, [control = 1, ...arms]]): Shares => ({
      ...{ salt, control, holdout: 0 },
      arms: arms.map((share) => ({ share: Math.floor(share / arms.length) })),
    }),
  )
const start = fc.integer({ min: 1, max: 2 ** 40 })

/** How far a count is from what a share of `n` expects, in standard deviations. */
const farOff = (count: number, n: number, share: number): number =>
  Math.abs(count - n * share) / Math.sqrt(Math.max(1, n * share * (1 - share)))

const armsOf = (of: Shares, from: number): (number | undefined)[] =>
  Array.from({ length: ACCOUNTS }, (_, i) => assign(of, from + i))

describe('who is in which arm', () => {
  test('[X1] is the same whenever and wherever it is asked', () => {
    // Written down once: another release, process or day must come to the same.
    const of: Shares = { salt: 'abc', holdout: 100, control: 400, arms: [{ share: 400 }] }
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((account) => assign(of, account))).toMatchInlineSnapshot(`
      [
        0,
        0,
        -1,
        -1,
        0,
        -1,
        undefined,
        0,
      ]
    `)
    fc.assert(
      fc.property(shares, start, (one, account) => {
        expect(assign(structuredClone(one), account)).toBe(assign(one, account))
      }),
      seeds,
    )
  })

  test('[X1] comes as often as its share says', () => {
    fc.assert(
      fc.property(shares, start, (one, from) => {
        const all = armsOf(one, from)
        const count = (arm: number) => all.filter((found) => found === arm).length
        expect(farOff(count(-1), ACCOUNTS, one.control / 1000)).toBeLessThan(FAR)
        for (const [i, { share }] of one.arms.entries())
          expect(farOff(count(i), ACCOUNTS, share / 1000)).toBeLessThan(FAR)
      }),
      seeds,
    )
  })

  test('[X1] says nothing of the arm in another experiment', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 2 }),
        start,
        ([a = '', b = ''], from) => {
          const halves = (salt: string): Shares => ({
            salt,
            holdout: 0,
            control: 500,
            arms: [{ share: 500 }],
          })
          const [one, other] = [armsOf(halves(a), from), armsOf(halves(b), from)]
          const both = one.filter((arm, i) => arm === 0 && other[i] === 0).length
          expect(farOff(both, one.filter((arm) => arm === 0).length, 0.5)).toBeLessThan(FAR)
        },
      ),
      seeds,
    )
  })

  test('[X2] of the holdout is nobody in any experiment, and they are the same ones in each', () => {
    const of = (salt: string): Shares => ({
      salt,
      holdout: 200,
      control: 500,
      arms: [{ share: 500 }],
    })
    const [one, other] = [armsOf(of('a'), 1), armsOf(of('b'), 1)]
    const outside = one.filter((arm) => arm === undefined).length
    expect(farOff(outside, ACCOUNTS, 0.2)).toBeLessThan(FAR)
    expect(other.map((arm) => arm === undefined)).toEqual(one.map((arm) => arm === undefined))
  })
})
