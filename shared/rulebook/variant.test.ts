import { describe, expect, test } from 'vitest'
import { PRESETS } from './presets.ts'
import { Rulebook } from './schema.ts'
import { type VariantChange, variantOf } from './variant.ts'

const base = Rulebook.parse(PRESETS.live)
const of = (changes: VariantChange[], unit: 'account' | 'room' = 'account') =>
  variantOf(base, { changes, unit, note: 'more' })

/** Paths at which two values differ. */
function differing(a: unknown, b: unknown, path = ''): string[] {
  if (Object.is(a, b)) return []
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return [path]
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].flatMap((name) =>
    differing(Reflect.get(a, name), Reflect.get(b, name), path === '' ? name : `${path}.${name}`),
  )
}

describe('a variant', () => {
  test('[X3] differs where it says, and nowhere else', () => {
    const like = base.earn.findIndex(({ id }) => id === 'like')
    const variant = of([
      { field: 'earn.like.points', value: 2.5 },
      { field: 'earn.like.perDay', value: 7 },
      { field: 'ceiling', value: 2 },
      { field: 'redemption.factor', value: 1.25 },
    ])
    expect(variant.ok && differing(base, variant.book).sort()).toEqual([
      'ceiling',
      `earn.${like}.caps.perDay`,
      `earn.${like}.points`,
      'note',
      'redemption.factor',
    ])
    expect(base.earn[like]?.points).not.toBe(2.5)
  })

  test('[X3] takes a cap away where it says null', () => {
    const capped = base.earn.find(({ caps }) => caps.perDay !== undefined)
    const variant = of([{ field: `earn.${capped?.id}.perDay`, value: null }])
    expect(
      variant.ok && variant.book.earn.find(({ id }) => id === capped?.id)?.caps,
    ).not.toHaveProperty('perDay')
  })

  test.each([
    ['heat.halfLifeSec', 30],
    ['heat.weights.like', 1],
    ['ladder.rungs.0.growth', 5],
    ['budget.points', 5],
    ['dailyPoints', 5],
    ['pointValueFen', 2],
    ['issuance.ratio', 0.5],
    ['comment.minLength', 1],
    ['attention.beatSec', 5],
    ['wallet.pool', 'room'],
    ['earn.like.bucket', 'session'],
    ['earn.like.no', 77],
    ['earn.like.action', 'share'],
    ['earn.nothing.points', 1],
    ['earn.like.minutes', 5],
    ['earn.like.points.more', 5],
    ['__proto__.points', 1],
    ['earn.__proto__.points', 1],
    ['redemption.constructor', 1],
    ['earn.like', 1],
    ['', 1],
  ])('[X3] of accounts in one room may not differ in %s', (field, value) => {
    expect(of([{ field, value }])).toEqual({ ok: false, field })
  })

  test.each([
    ['earn.like.points', -1],
    ['earn.like.points', 'many'],
    ['earn.like.points', null],
    ['ceiling', 60],
    ['stacking', 'often'],
    ['redemption.factor', 0],
  ])('[X3] says where a value does not fit: %s = %s', (field, value) => {
    expect(of([{ field, value }])).toEqual({ ok: false, field })
  })

  test('[X3 003-45] of whole rooms may also differ in what a room shares, and not in what an account takes elsewhere', () => {
    expect(
      of(
        [
          { field: 'heat.halfLifeSec', value: 30 },
          { field: 'heat.weights.like', value: 1 },
        ],
        'room',
      ),
    ).toMatchObject({ ok: true, book: { heat: { halfLifeSec: 30, weights: { like: 1 } } } })
    expect(of([{ field: 'redemption.factor', value: 1.1 }], 'room')).toEqual({
      ok: false,
      field: 'redemption.factor',
    })
  })
})
