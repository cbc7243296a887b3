/** docs/coverage.md says what works and which test shows it; here it is held to that. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

interface Row {
  id: string
  status: string
  tests: string[]
}

const rows: Row[] = readFileSync('docs/coverage.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, id = '', , status = '', tests = ''] = line.split('|').map((cell) => cell.trim())
    return /^00\d-\d\d$/.test(id)
      ? [{ id, status, tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path) }]
      : []
  })

const ID = /\b00[0-4]-\d\d\b/g
const IS_TEST = /^(?:test|it|describe)\b/

/** Ids in the titles of the tests in `text`: literals, also of calls that make tests of a table. */
function titledIn(text: string, path: string): Set<string> {
  const ids = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && IS_TEST.test(node.expression.getText(source))) {
      const [title] = node.arguments
      if (title && (ts.isStringLiteral(title) || ts.isTemplateLiteral(title)))
        for (const [id] of title.getText(source).matchAll(ID)) ids.add(id)
    }
    ts.forEachChild(node, visit)
  }
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  visit(source)
  return ids
}

const titles = new Map<string, Set<string>>()
/** The same of a file, each read once. */
function titledInFile(path: string): Set<string> {
  const known = titles.get(path) ?? titledIn(readFileSync(path, 'utf8'), path)
  titles.set(path, known)
  return known
}

const testFiles = ['shared', 'server', 'widget', 'loadtest'].flatMap((top) =>
  readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.test\.tsx?$/.test(path))
    .map((path) => join(top, path)),
)

test('a title is found behind any table, and what only looks like one is not', () => {
  const text = `
    test.each(Array.from({ length: 2 }, (_, i) => [i, (i + 1)]))('000-01 %i', () => {})
    describe.skipIf(f(g(')')))(\`001-02 \${n}\`, () => { it('002-03', () => { call('003-04') }) })
    // test('004-05')
    const said = "test('004-06')"
  `
  expect([...titledIn(text, 'any.test.ts')]).toEqual(['000-01', '001-02', '002-03'])
})

test('every requirement has one row, and each says works or not yet', () => {
  expect(rows.length).toBe(new Set(rows.map(({ id }) => id)).size)
  expect(rows.length).toBeGreaterThan(190)
  for (const { id, status } of rows) expect(status, id).toMatch(/^(works|not yet)/)
})

test('whatever works names a test whose title bears the id', () => {
  for (const { id, status, tests } of rows) {
    if (!status.startsWith('works')) continue
    expect(tests.length, id).toBeGreaterThan(0)
    for (const path of tests) {
      expect(existsSync(path), `${id}: ${path}`).toBe(true)
      expect([...titledInFile(path)], `${id} in ${path}`).toContain(id)
    }
  }
})

test('a requirement that a test speaks of has a row', () => {
  const known = new Set(rows.map(({ id }) => id))
  for (const path of testFiles)
    for (const id of titledInFile(path)) expect(known.has(id), `${id} of ${path}`).toBe(true)
})
