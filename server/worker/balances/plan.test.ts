import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CsvError, csvRow, delimiterOf, readCsv } from './csv.ts'
import type { Choice } from './formats.ts'
import { planImport } from './plan.ts'

const rows = (text: string) => [...readCsv(text, ',')].map(({ cells }) => cells)
const LIMITS = { pointsMax: 1_000_000, month: 322, duplicates: false }
const plan = (text: string, choice: Choice = {}, limits: Partial<typeof LIMITS> = {}) =>
  planImport(text, choice, { ...LIMITS, ...limits })
const problems = (text: string, choice: Choice = {}) =>
  plan(text, choice).problems.map((one) => `${one.line} ${one.column}: ${one.text}`)

describe('CSV', () => {
  test('[IM1] quotes, both line ends, empty cells, a last line without an end', () => {
    expect(rows('a,b\r\n"x, ""y""",\n\n"two\nlines",3')).toEqual([
      ['a', 'b'],
      ['x, "y"', ''],
      ['two\nlines', '3'],
    ])
    expect([...readCsv('a\n"two\nlines"\nb', ',')].map(({ line }) => line)).toEqual([1, 2, 4])
  })

  test('[IM1] whatever is written is read back', () => {
    const cell = fc.string({ maxLength: 40 }).filter((text) => !/[^\P{C}\n\t]|\ufffd/u.test(text))
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 6 }),
        (table) => {
          const text = table.map((cells) => csvRow(cells)).join('')
          const escaped = table.map((cells) =>
            cells.map((one) => (/^[=+\-@\t\r\n]/.test(one) ? `'${one}` : one)),
          )
          expect(rows(text)).toEqual(escaped)
        },
      ),
    )
  })

  test('[IM1] where a file is no CSV, line and column are named', () => {
    const fails = (text: string) => {
      try {
        rows(text)
        return undefined
      } catch (error) {
        return error instanceof CsvError ? error.message : String(error)
      }
    }
    expect(fails('a,b\nc,"d')).toBe('line 2, column 2: a quote that is never closed')
    expect(fails('a,"b"c')).toBe('line 1, column 2: text behind a closing quote')
    expect(fails('a,b"c')).toBe('line 1, column 2: a quote inside a cell that is not quoted')
    expect(fails('a\u0000')).toBe('line 1, column 1: a character that is no text')
    expect(fails('a\rb')).toBe('line 1, column 1: a character that is no text')
    expect(fails('x'.repeat(1001))).toMatch(/more than 1000 characters/)
    expect(fails(','.repeat(64))).toMatch(/more than 64 cells/)
  })

  test('[IM2] what a spreadsheet would run is text in what we write', () => {
    expect(csvRow(['=cmd|calc', '+1', '-2', '@x', '\tz', 5, -5])).toBe(
      `'=cmd|calc,'+1,'-2,'@x,'\tz,5,-5\r\n`,
    )
    expect(csvRow(['=a,"b"'])).toBe(`"'=a,""b"""\r\n`)
  })

  test('[IM1] commas, semicolons and tabs part cells, as the first line has them', () => {
    expect(delimiterOf('viewer;points\n1,2,3')).toBe(';')
    expect(delimiterOf('viewer\tpoints')).toBe('\t')
    expect(delimiterOf('viewer')).toBe(',')
    expect(plan('viewer;points\nu1;5').points).toBe(5)
  })
})

describe('formats', () => {
  test('[IM3] plain: columns in any order, a byte order mark, dates and notes', () => {
    const { columns, lines } = plan(
      '\ufeffpoints,Viewer,note,expires,colour\r\n100,u1,"moved, thanks",2027-05-31,red\r\n5.0,u2,,never,\r\n7,u3,,2027-06,\r\n8,u4,,,',
    )
    expect(columns).toMatchObject({ format: 'plain', unused: ['colour'] })
    expect(lines).toEqual([
      { line: 2, viewer: 'u1', points: 100, month: 329, note: 'moved, thanks' },
      { line: 3, viewer: 'u2', points: 5, month: 0, note: '' },
      { line: 4, viewer: 'u3', points: 7, month: 330, note: '' },
      { line: 5, viewer: 'u4', points: 8, month: undefined, note: '' },
    ])
  })

  test('[IM3] Firebot: currencies.csv, one column a currency; the list of viewers has no points', () => {
    const one = plan('ID,Username,Bones\n123,Alice,50\n124,Bob,0')
    expect(one.columns?.format).toBe('firebot')
    expect(one).toMatchObject({ rows: 2, empty: 1, points: 50 })
    expect(one.lines[0]?.viewer).toBe('alice')
    const two = 'ID,Username,Bones,Gold\n123,Alice,50,9'
    expect(problems(two)).toEqual(['1 header: say with --column which currency: Bones, Gold'])
    expect(plan(two, { column: 'Gold', viewer: 'id' }).lines[0]).toMatchObject({
      viewer: '123',
      points: 9,
    })
    expect(
      problems(
        'ID,Username,Join Date,Last Seen,Minutes in Channel,Chat Messages\n1,a,2026-01-01,2026-01-02,5,6',
      ),
    ).toEqual(['1 header: this is the list of viewers, which has no points: export the currencies'])
  })

  test('[IM3] StreamElements: five columns without a header, or named ones', () => {
    const bare = plan('alice,,1200,5000,300\nbob_2,"77",0,10,5')
    expect(bare).toMatchObject({ rows: 2, empty: 1, points: 1200 })
    expect(bare.columns).toMatchObject({ format: 'streamelements', header: false })
    expect(plan('Username,Points\nAlice,3').lines[0]).toMatchObject({ viewer: 'alice', points: 3 })
  })

  test('[IM3] Streamlabs Chatbot: the sheet of a currency as CSV, with or without a header', () => {
    const bare = plan('Alice,Regular,1200,30.5\nBob,Unranked,7,0')
    expect(bare.columns).toMatchObject({ format: 'streamlabs-chatbot', header: false })
    expect(bare.lines.map(({ viewer, points }) => [viewer, points])).toEqual([
      ['alice', 1200],
      ['bob', 7],
    ])
    expect(plan('Name,Rank,Points,Hours\nAlice,Regular,12,3').points).toBe(12)
  })

  test('[IM3] what is none of them is refused, also where the format is said', () => {
    expect(problems('hello,world\n1,2')).toEqual([
      '1 header: whose export this is cannot be told; say it with --format',
    ])
    expect(problems('viewer,points\nu1,2', { format: 'firebot' })).toEqual([
      '1 header: this is no file of firebot: it begins with viewer, points',
    ])
    expect(problems('')).toEqual(['1 all: the file is empty'])
  })
})

describe('lines', () => {
  test('[IM4] every bad line is named with its column; good ones are counted', () => {
    const text = [
      'viewer,points,expires,note',
      'u1,10,,',
      'no such id!,10,,',
      'u2,-5,,',
      'u3,1.5,,',
      'u4,9999999,,',
      'u5,10,2027-02-30,',
      'u6,10,2026-10-31,',
      'u1,20,,',
      'u7,10',
      `u8,10,,"${'x'.repeat(501)}"`,
      'u9,30,,',
    ].join('\n')
    expect(problems(text)).toEqual([
      '3 viewer: "no such id!" is no viewer\'s id',
      '4 points: "-5" is no whole number of points',
      '5 points: "1.5" is no whole number of points',
      '6 points: 9999999 are more than the 1000000 of --max',
      '7 expires: "2027-02-30" is no date',
      '8 expires: is over',
      '9 viewer: u1 is in line 2 already',
      '10 all: has 2 cells where the first row has 4',
      '11 note: more than 200 characters',
    ])
    expect(plan(text)).toMatchObject({ rows: 11, points: 40 })
    expect(plan('viewer,points\nu1,1\nu1,2', {}, { duplicates: true }).points).toBe(3)
  })

  test('[IM4] no file makes it throw, and its sums are those of its lines', () => {
    const piece = fc.constantFrom(
      'viewer',
      'points',
      ',',
      '\n',
      '"',
      'u1',
      'u2',
      '7',
      '=1',
      '\r\n',
      ';',
      '\u0000',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        for (const text of [pieces.join(''), `viewer,points\n${pieces.join('')}`]) {
          const { lines, points, rows: count, empty, problems: found } = plan(text)
          expect(lines.reduce((sum, line) => sum + line.points, 0)).toBe(points)
          expect(lines.length + empty).toBeLessThanOrEqual(count)
          const bad = new Set(found.map(({ line }) => line))
          for (const { line } of lines) expect(bad.has(line)).toBe(false)
        }
      }),
    )
  })
})
