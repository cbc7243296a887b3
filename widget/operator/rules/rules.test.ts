import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { PRESETS } from '../../../shared/rulebook/presets.ts'
import { Rulebook } from '../../../shared/rulebook/schema.ts'
import { sentences } from '../../../shared/rulebook/sentences.ts'
import { beginning } from './beginning.ts'
import { choiceName } from './choices.ts'
import { gainsOf, paidBy } from './gains.ts'
import { itemAt, itemsOf, saysIt } from './items.ts'
import { fieldName } from './labels.ts'
import { at, carryOver, type Path, put, same } from './path.ts'
import { linesOf } from './sentence.ts'
import { blank, chosen, kindsOf, namesOf, type Shape, shapeAt } from './shape.ts'

const form = z.toJSONSchema(Rulebook, { io: 'input' }) as Shape
const books = Object.entries(PRESETS).map(([name, book]) => [name, Rulebook.parse(book)] as const)
const live = Rulebook.parse(PRESETS.live)

/** Every place of the schema with its shape, also those that no book has at present. */
function places(shape: Shape, path: Path = []): [Path, Shape][] {
  const kinds = kindsOf(shape)
  if (kinds) return kinds.flatMap((kind) => places(kind, path))
  const inner = [
    ...Object.entries(shape.properties ?? {}).flatMap(([name, one]) =>
      places(one, [...path, name]),
    ),
    ...(shape.items ? places(shape.items, [...path, 0]) : []),
  ]
  return path.length > 0 ? [[path, shape], ...inner] : inner
}

describe('every field can be edited', () => {
  test('[RE1 001-33] each place of the schema belongs to a rule of the page', () => {
    const items = itemsOf(live, form)
    const lost = places(form)
      .filter(([, { properties, items }]) => !properties && !items?.properties)
      .map(([path]) => path.join('.'))
      .filter((field) => field !== 'note' && !itemAt(items, field))
    expect(lost).toEqual([])
    expect(items.map(({ id }) => id)).toHaveLength(new Set(items.map(({ id }) => id)).size)
  })

  test('[RE1] a field of a newer service has a rule of its own', () => {
    const newer = structuredClone(form)
    Object.assign(newer.properties ?? {}, { seasons: { type: 'object' } })
    Object.assign(newer.properties?.wallet?.properties ?? {}, { mood: { type: 'string' } })
    const items = itemsOf(live, newer)
    expect(itemAt(items, 'seasons.winter')?.id).toBe('seasons')
    expect(itemAt(items, 'wallet.mood')?.id).toBe('wallet.mood')
  })

  test('[RE1 002-40] each field and each choice has a name in both languages', () => {
    for (const lang of ['zh', 'en'] as const) {
      const nameless = places(form).filter(([path]) => fieldName(path, lang) === undefined)
      expect(nameless.map(([path]) => path.join('.'))).toEqual([])
      const unsaid = places(form).flatMap(([path, shape]) =>
        (shape.enum ?? [])
          .filter((choice) => choiceName(path, choice, lang) === undefined)
          .map((choice) => `${path.join('.')} ${choice}`),
      )
      expect(unsaid).toEqual([])
    }
  })

  test('[RE2] every sentence that viewers read stands beside a rule', () => {
    for (const [name, book] of books)
      for (const { key } of sentences(book, 'zh'))
        expect(
          itemsOf(book, form).some((item) => saysIt(item, key)),
          `${name} ${key}`,
        ).toBe(true)
  })
})

describe('sentences with inputs', () => {
  test('[RE2 002-40] condition and award stand in one sentence, as inputs that the book has', () => {
    const [like] = itemsOf(live, form)
    if (!like) throw new Error('no rule')
    expect(linesOf(like, { book: live, base: live, lang: 'zh' })).toEqual([
      [
        '每次点赞得 ',
        ['earn', 0, 'points'],
        ' 积分和 ',
        ['earn', 0, 'growth'],
        ' 成长值，最多每分钟 ',
        ['earn', 0, 'caps', 'perMinute'],
        ' 次、每天 ',
        ['earn', 0, 'caps', 'perDay'],
        ' 次',
      ],
    ])
    for (const [name, book] of books)
      for (const item of itemsOf(book, form))
        for (const lang of ['zh', 'en'] as const)
          for (const part of linesOf(item, { book, base: book, lang }).flat())
            if (typeof part !== 'string') {
              expect(shapeAt(form, part, book), `${name} ${part.join('.')}`).toBeDefined()
              expect(itemAt([item], part.join('.')), part.join('.')).toBeDefined()
            }
  })

  test('[RE2] a limit that was emptied keeps its input as long as the rule in force has it', () => {
    const book = put(live, ['earn', 0, 'caps', 'perDay'], undefined)
    const [like] = itemsOf(book, form)
    if (!like) throw new Error('no rule')
    const inputs = (base: Rulebook) => linesOf(like, { book, base, lang: 'en' }).flat().map(String)
    expect(inputs(live)).toContain('earn,0,caps,perDay')
    expect(inputs(book)).not.toContain('earn,0,caps,perDay')
  })
})

test('[RE3] what is added from the form fits the schema', () => {
  const optional: Path[] = [
    ['budget'],
    ['invite'],
    ['wallet', 'burnWeek'],
    ['effects', 'vote'],
    ['economy', 'survey'],
  ]
  for (const path of optional) {
    const shape = shapeAt(form, path, live)
    const book = put(live, path, shape && blank(shape))
    const { error } = Rulebook.safeParse(book)
    // A friend's steps are for people to choose.
    expect(error?.issues.map((issue) => issue.path.join('.')) ?? [], path.join('.')).toEqual([])
  }
  const privileges = shapeAt(form, ['ladder', 'rungs', 0, 'privileges', 0], live)
  const kinds = privileges ? (kindsOf(privileges) ?? []) : []
  expect(kinds.flatMap(namesOf)).toContain('birthday_points')
  expect(chosen(privileges ?? {}, { kind: 'perk' }).properties).toHaveProperty('link')
})

test('[RE3] a new team task begins as a whole one, with its sentence, under an id of its own', () => {
  const first = beginning(['teamTasks'], [])
  const second = beginning(['teamTasks'], [first, { id: 'team_3' }])
  const { error } = Rulebook.safeParse({ ...live, teamTasks: [first, second] })
  expect(error?.issues ?? []).toEqual([])
  expect([first, second]).toMatchObject([
    { id: 'team_1', enabled: true },
    { id: 'team_4', enabled: true },
  ])
  expect(beginning(['quests'], [])).toBeUndefined()
})

test('[RE3] a place is read, changed and taken away without touching what was there', () => {
  const before = structuredClone(live)
  const less = put(live, ['earn', 1], undefined)
  expect(less.earn.map(({ id }) => id)).toEqual(
    live.earn.filter((_, i) => i !== 1).map(({ id }) => id),
  )
  expect(at(put(live, ['heat', 'levels', 2, 'from'], 61), ['heat', 'levels', 2, 'from'])).toBe(61)
  expect(put(live, ['dailyPoints'], undefined)).not.toHaveProperty('dailyPoints')
  expect(live).toEqual(before)
  expect(same({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true)
  expect(same({ a: 1 }, { a: 1, b: undefined })).toBe(false)
})

test('[RE4] the changes of a draft are done to the version that came between', () => {
  const mine = put(put(live, ['earn', 0, 'points'], 3), ['dailyPoints'], undefined)
  const moved = { ...live, earn: [...live.earn].reverse() }
  const theirs = put(put(moved, ['heat', 'minActors'], 9), ['earn', 0, 'points'], 7)
  const carried = carryOver(live, theirs, mine) as Rulebook
  const like = (book: Rulebook) => book.earn.find(({ id }) => id === live.earn[0]?.id)?.points
  expect(like(carried)).toBe(3)
  expect(carried.earn[0]?.points).toBe(7)
  expect(carried.heat.minActors).toBe(9)
  expect(carried).not.toHaveProperty('dailyPoints')
  expect(Rulebook.safeParse(carried).success).toBe(true)
  const gone = put(live, ['earn', 1], undefined)
  expect((carryOver(live, theirs, gone) as Rulebook).earn).toHaveLength(live.earn.length - 1)
})

test('[RE6] what a rule pays on each tier follows from points, factors, stacking, ceiling and cap', () => {
  const purchase = live.earn.find(({ id }) => id === 'purchase')
  const like = live.earn[0]
  if (!purchase || !like) throw new Error('no rule')
  const top = live.ladder.rungs.length - 1
  const factor = live.ladder.rungs[top]?.factor ?? 1
  expect(paidBy(live, purchase, { rung: top, level: 0 })).toBe(Math.floor(100_000 * factor))
  const capped = { ...purchase, capPerAward: 50 }
  expect(paidBy(live, capped, { rung: top, level: 0 })).toBe(50_000)
  const early = { ...capped, capStage: 'beforeMultiplier' as const }
  expect(paidBy(live, early, { rung: top, level: 0 })).toBe(Math.floor(50_000 * factor))
  const hottest = live.heat.levels.length - 1
  expect(paidBy(live, like, { rung: 0, level: hottest })).toBe(2500)
  expect(paidBy({ ...live, ceiling: 2 }, like, { rung: 0, level: hottest })).toBe(2000)
  const more = put(live, ['earn', 0, 'points'], 2)
  expect(gainsOf(live, more, like.id)?.[0]).toEqual({
    rung: 0,
    calm: { before: 1000, after: 2000 },
    hottest: { before: 2500, after: 5000 },
  })
})
