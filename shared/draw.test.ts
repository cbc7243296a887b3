import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boxesWon,
  boxOf,
  commitmentOf,
  type DrawEntry,
  type DrawPrize,
  verifyDraw,
  winnersOf,
} from './draw.ts'
import { sha256Hex } from './sha256.ts'

const node = (text: string) => createHash('sha256').update(text).digest('hex')
const seedArb = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((b) => Buffer.from(b).toString('hex'))
const seedOf = (n: number) => node(`seed ${n}`)
const prizes: DrawPrize[] = [
  { points: 500, voucher: '', winners: 1 },
  { points: 0, voucher: '燕麦片一袋', winners: 2 },
]
const viewers = (tickets: readonly number[]): DrawEntry[] =>
  tickets.map((count, i) => ({ handle: `viewer${i}`, first: 1, count }))

/** Written from the words of draw.ts and not from its code, on another SHA-256. */
function independentWinners(seed: string, draw: string, entries: readonly DrawEntry[]): string[] {
  const all: [string, string][] = []
  for (const { handle, first, count } of entries)
    for (let t = first; t < first + count; t++)
      all.push([node(`${seed}:${draw}:${handle}:${t}`), handle])
  all.sort(([a], [b]) => a.localeCompare(b))
  return [...new Set(all.map(([, handle]) => handle))].slice(0, 3)
}

describe('[E14] draws that anybody can check', () => {
  it('the hash is SHA-256, whatever the length of the text', () => {
    for (const n of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1000])
      expect(sha256Hex('点'.repeat(n))).toBe(node('点'.repeat(n)))
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => sha256Hex(text) === node(text)),
    )
  })

  it('[001-22] an implementation of its own finds the same winners', () => {
    fc.assert(
      fc.property(
        seedArb,
        fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 30 }),
        (seed, counts) => {
          const entries = viewers(counts)
          const wins = winnersOf(seed, { draw: 'demo.7', entries, prizes })
          expect(wins.map(({ handle }) => handle)).toEqual(
            independentWinners(seed, 'demo.7', entries),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  it('the winners do not depend on the order in which tickets arrived', () => {
    const split = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 24 })
    fc.assert(
      fc.property(seedArb, split, fc.infiniteStream(fc.nat()), (seed, who, keys) => {
        // Each element is one ticket of that viewer; a ticket's number is how many that viewer had before.
        const had = new Map<number, number>()
        const entries = who.map((viewer): DrawEntry => {
          const first = (had.get(viewer) ?? 0) + 1
          had.set(viewer, first)
          return { handle: `v${viewer}`, first, count: 1 }
        })
        const shuffled = entries
          .map((entry) => ({ entry, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ entry }) => entry)
        const merged = [...had].map(([viewer, count]) => ({
          handle: `v${viewer}`,
          first: 1,
          count,
        }))
        const of = (list: DrawEntry[]) => winnersOf(seed, { draw: 'r.1', entries: list, prizes })
        expect(of(shuffled)).toEqual(of(entries))
        // Nor on whether tickets were bought at once or one by one.
        expect(of(merged)).toEqual(of(entries))
      }),
      { numRuns: 60 },
    )
  })

  it('[000-21] every ticket has the same chance: three tickets win three times as often as one', () => {
    const entries = viewers([1, 3, 1, 5])
    const wins = new Map<string, number>()
    const rounds = 4000
    for (let n = 0; n < rounds; n++) {
      const [first] = winnersOf(seedOf(n), { draw: 'r.1', entries, prizes: prizes.slice(0, 1) })
      if (first) wins.set(first.handle, (wins.get(first.handle) ?? 0) + 1)
    }
    const expected = [0.1, 0.3, 0.1, 0.5].map((part) => part * rounds)
    const chi = expected.reduce(
      (sum, e, i) => sum + ((wins.get(`viewer${i}`) ?? 0) - e) ** 2 / e,
      0,
    )
    // Three degrees of freedom: above 16.3 once in a thousand, and these seeds never change.
    expect(chi).toBeLessThan(16.3)
  })

  it('boxes hold what their odds say, and a box what its number says', () => {
    const boxes: DrawPrize[] = [
      { points: 1000, voucher: '', odds: 100 },
      { points: 50, voucher: '', odds: 3000 },
    ]
    const count = 20_000
    const found = [0, 0, 0]
    for (let box = 1; box <= count; box++) {
      const prize = boxOf(seedOf(1), { draw: 'r.2', box, prizes: boxes })
      const independent =
        Number.parseInt(node(`${seedOf(1)}:r.2:${box}`).slice(0, 12), 16) / 2 ** 48
      expect(prize).toBe(independent < 0.01 ? 0 : independent < 0.31 ? 1 : undefined)
      found[prize ?? 2] = (found[prize ?? 2] ?? 0) + 1
    }
    const expected = [0.01, 0.3, 0.69].map((part) => part * count)
    const chi = expected.reduce((sum, e, i) => sum + ((found[i] ?? 0) - e) ** 2 / e, 0)
    expect(chi).toBeLessThan(13.8)
  })

  it('a proof that was touched anywhere is not believed', () => {
    const seed = seedOf(3)
    const entries = viewers([2, 1, 4])
    const of = { draw: 'r.3', entries, prizes }
    const proof = {
      ...of,
      box: false,
      seed,
      commitment: commitmentOf(seed),
      wins: winnersOf(seed, of),
    }
    expect(verifyDraw(proof)).toBe(true)
    expect(verifyDraw({ ...proof, seed: seedOf(4) })).toBe(false)
    expect(verifyDraw({ ...proof, commitment: commitmentOf(seedOf(4)) })).toBe(false)
    expect(verifyDraw({ ...proof, wins: proof.wins.slice(1) })).toBe(false)
    const [first, ...rest] = proof.wins
    if (!first) throw new Error('nobody won')
    expect(verifyDraw({ ...proof, wins: [{ ...first, handle: 'friend' }, ...rest] })).toBe(false)
    expect(
      verifyDraw({ ...proof, entries: [...entries, { handle: 'viewer0', first: 2, count: 1 }] }),
    ).toBe(false)
    const boxes = [{ handle: 'a', first: 1, count: 40 }]
    const box = { draw: 'r.4', box: true, seed, commitment: proof.commitment, entries: boxes }
    const inside: DrawPrize[] = [{ points: 5, voucher: '', odds: 5000 }]
    const wins = boxesWon(seed, { ...box, prizes: inside })
    expect(verifyDraw({ ...box, prizes: inside, wins })).toBe(true)
    expect(verifyDraw({ ...box, prizes: inside, wins: wins.slice(1) })).toBe(false)
  })
})
