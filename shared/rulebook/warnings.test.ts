import { describe, expect, test } from 'vitest'
import { leastDays } from './expiry.ts'
import { PRESETS } from './presets.ts'
import { Rulebook } from './schema.ts'
import { sentences } from './sentences.ts'
import type { Expiry } from './wallet.ts'
import { warnings } from './warnings.ts'

const bookWith = (expiry: Expiry) => Rulebook.parse({ ...PRESETS.live, wallet: { expiry } })

describe('points that buy less than before', () => {
  const worth = (pointValueFen: number, factor: number) =>
    Rulebook.parse({ ...PRESETS.static, pointValueFen, redemption: { factor } })

  test.each([
    ['rewards cost more', worth(1, 1), worth(1, 1.25), 'redemption.factor', '20%'],
    ['a point is worth less', worth(2, 1), worth(1, 1), 'pointValueFen', '50%'],
    ['both, one more than the other', worth(2, 2), worth(1, 1.25), 'pointValueFen', '20%'],
  ])('[WN3 001-38] %s: a warning that says how much', (_, now, next, field, percent) => {
    const [warning, ...others] = warnings(next, now)
    expect(others).toEqual([])
    expect(warning).toMatchObject({ code: 'value-cut', field })
    for (const text of Object.values(warning?.text ?? {})) expect(text).toContain(percent)
  })

  test('[WN3 001-38] the same worth, more, or a first book is none', () => {
    expect(warnings(worth(1, 1.25), worth(1, 1.25))).toEqual([])
    expect(warnings(worth(2, 2), worth(1, 1))).toEqual([])
    expect(warnings(worth(1, 1), worth(1, 1.25))).toEqual([])
    expect(warnings(worth(1, 2))).toEqual([])
  })
})

describe('points for ordering', () => {
  const book = (leastOrderFen: number, more: object = {}) =>
    Rulebook.parse({ ...PRESETS.community, purchase: { leastOrderFen }, ...more })

  test('[WN4] worth more than the least order that counts: a warning with both sums', () => {
    // 50 for any order and 200 in a room with a bonus, three times at the most.
    expect(warnings(book(750))).toEqual([])
    expect(warnings(book(749))).toMatchObject([
      { code: 'order-pays', field: 'purchase.leastOrderFen' },
    ])
    expect(warnings(book(100))[0]?.text).toEqual({
      zh: '注意：一笔 1 元的订单最多可带来值 7.5 元的积分',
      en: 'Mind: an order of 1 yuan may bring points worth 7.5 yuan',
    })
    expect(warnings(book(750, { ceiling: 4 }))).toHaveLength(1)
    expect(warnings(book(750, { pointValueFen: 2 }))).toHaveLength(1)
    expect(warnings(book(750, { redemption: { factor: 0.8 } }))).toHaveLength(1)
    expect(warnings(book(375, { redemption: { factor: 2 } }))).toEqual([])
    expect(warnings(book(150, { profiles: [] }))).toEqual([])
  })
})

describe('points that expire too soon', () => {
  test('[WN1 003-02] the shortest life counts: of points given on the last day of a month', () => {
    const lives: [Expiry, number][] = [
      [{ kind: 'never' }, Number.POSITIVE_INFINITY],
      // Given on 31 January, gone at the end of February.
      [{ kind: 'rolling', months: 1 }, 28],
      [{ kind: 'rolling', months: 2 }, 59],
      [{ kind: 'rolling', months: 24 }, 730],
      [{ kind: 'fixed', month: 12, leastMonths: 0 }, 0],
      [{ kind: 'fixed', month: 2, leastMonths: 1 }, 28],
      [{ kind: 'fixed', month: 12, leastMonths: 1 }, 31],
      [{ kind: 'fixed', month: 12, leastMonths: 12 }, 365],
    ]
    for (const [expiry, days] of lives) expect([expiry, leastDays(expiry)]).toEqual([expiry, days])
  })

  test('[WN1 003-02] within 30 days is a warning, also among the sentences; longer is none', () => {
    const soon = bookWith({ kind: 'rolling', months: 1 })
    expect(warnings(soon)).toMatchObject([{ code: 'expires-soon', field: 'wallet.expiry' }])
    const said = (lang: 'zh' | 'en') =>
      sentences(soon, lang).find(({ key }) => key === 'limit.expires-soon')?.text
    expect(said('zh')).toBe('注意：积分到账后最快 28 天就会到期')
    expect(said('en')).toBe('Mind: points may expire as soon as 28 days after they are given')
    for (const preset of Object.values(PRESETS))
      expect(warnings(Rulebook.parse(preset))).toEqual([])
    expect(sentences(bookWith({ kind: 'rolling', months: 2 }), 'en')).not.toContainEqual(
      expect.objectContaining({ key: 'limit.expires-soon' }),
    )
  })
})
