/** docs/coverage.md says what works and which test shows it; here it is held to that. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** Ids in the titles of a file's tests. */
function titledIn(path: string): Set<string> {
  const titles = readFileSync(path, 'utf8').matchAll(
    /\b(?:test|it|describe)(?:\.\w+(?:\([^)]*\))?)?\(\s*(['"`])([\s\S]*?)\1/g,
  )
  const ids = new Set<string>()
  for (const [, , title = ''] of titles)
    for (const [id] of title.matchAll(/\b00[0-4]-\d\d\b/g)) ids.add(id)
  return ids
}

const testFiles = ['shared', 'server', 'widget', 'loadtest'].flatMap((top) =>
  readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.test\.tsx?$/.test(path))
    .map((path) => join(top, path)),
)

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
      expect([...titledIn(path)], `${id} in ${path}`).toContain(id)
    }
  }
})

test('a requirement that a test speaks of has a row', () => {
  const known = new Set(rows.map(({ id }) => id))
  for (const path of testFiles)
    for (const id of titledIn(path)) expect(known.has(id), `${id} of ${path}`).toBe(true)
})
