import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACTIONS } from '../../shared/receipt.ts'
import { Packer } from '../kernel/index.ts'
import { type SkimmedEntry, skimJournal } from './journal.ts'
import { RECEIPT_BYTES } from './receipts.ts'
import { aboutElement, eachScored, mayTellOf } from './scored.ts'

const no = (max: number) => fc.nat({ max })
const entries = fc.array(
  fc.record({
    account: no(2 ** 40),
    live: no(3),
    session: no(2 ** 31),
    rulebook: no(2 ** 31),
    version: no(2 ** 40),
    issuer: no(65_535),
    month: no(65_535),
    actions: fc.array(fc.constantFrom(...Object.values(ACTIONS)), { maxLength: 4 }),
    promotions: fc.array(fc.record({ ladder: no(3), rung: no(15), no: no(65_535) }), {
      maxLength: 2,
    }),
    claims: fc.array(
      fc.record({ task: no(9), points: no(99), growth: no(99), reachedAtMs: no(2 ** 40) }),
      { maxLength: 2 },
    ),
  }),
  { maxLength: 6 },
)

/** As lua/earn.lua writes it. */
function element(all: typeof entries extends fc.Arbitrary<infer E> ? E : never): Buffer {
  const out = new Packer().u8(3).u48(1_750_000_000_000).u16(all.length)
  for (const one of all) {
    out.u48(one.account).u32(one.live).u32(one.session).u32(one.rulebook).u48(one.version)
    out.u16(one.issuer).u16(one.month).u16(one.actions.length)
    for (const action of one.actions)
      out
        .u8(1)
        .u8(action)
        .raw(Buffer.alloc(RECEIPT_BYTES - 2, 7))
    out.u8(one.promotions.length)
    for (const { ladder, rung, no } of one.promotions) out.u8(ladder).u8(rung).u16(no)
    out.u8(one.claims.length)
    for (const claim of one.claims)
      out.u32(claim.task).u32(claim.points).u32(claim.growth).u48(claim.reachedAtMs)
  }
  return out.bytes()
}

function standing(bytes: Buffer): SkimmedEntry[] {
  const found: SkimmedEntry[] = []
  eachScored(bytes, (entry) => {
    const { account, live, session, rulebook, version, issuer, month } = entry
    const { receipts, promotions, claims } = entry
    found.push({
      account,
      live,
      session,
      rulebook,
      version,
      issuer,
      month,
      receipts,
      promotions,
      claims,
    })
  })
  return found
}

describe('entries read where they stand', () => {
  it('[J7] are those of the element, and what it is about is what they say', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const bytes = element(all)
        expect(standing(bytes)).toEqual(skimJournal(bytes).entries)
        const about = aboutElement(bytes)
        expect(about).toMatchObject({
          atMs: 1_750_000_000_000,
          scored: true,
          promotes: all.some(({ promotions }) => promotions.length > 0),
          claims: all.some(({ claims }) => claims.length > 0),
          lives: [...new Set(all.map(({ live }) => live))],
        })
        for (const action of ['like', 'watch', 'task'] as const)
          expect(mayTellOf(about, action)).toBe(
            all.some(({ actions }) => actions.includes(ACTIONS[action])),
          )
      }),
    )
  })

  it('[J7] of an element that was cut anywhere, or of a layout that is unknown, nothing is said', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (all, at) => {
        const bytes = element(all)
        expect(() => aboutElement(bytes.subarray(0, at % bytes.length))).toThrow()
        expect(() => aboutElement(Buffer.concat([Buffer.of(99), bytes.subarray(1)]))).toThrow()
      }),
    )
  })
})
