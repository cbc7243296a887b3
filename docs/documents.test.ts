/** What documents send a reader to is there, and there once. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const DOCUMENTS = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'loadtest/README.md'],
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** In backticks, with a folder and an ending; documents leave out where the scripts of scoring are. */
const FILE = /`((?:[\w.-]+\/)+[\w.-]+\.(?:tsx?|lua|[cm]js|md|yml))`/g
const LINK = /\]\((?!https?:|#)([^)#\s]+)/g

const SCRIPT = /npm run (?:-s )?([\w-]+)/g

test.each(DOCUMENTS)('%s names commands that are there', (document) => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }
  const named = [...readFileSync(document, 'utf8').matchAll(SCRIPT)].map(([, name = '']) => name)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

test.each(DOCUMENTS)('%s names files that are there', (document) => {
  const text = readFileSync(document, 'utf8')
  const here = dirname(document)
  const isThere = (path: string) =>
    [path, join(here, path), join('server', path), join('server/scoring', path)].some((one) =>
      existsSync(one),
    )
  const named = [...text.matchAll(FILE), ...text.matchAll(LINK)].map(([, path = '']) => path)
  expect(named.filter((path) => !isThere(path))).toEqual([])
})

const RULE = /^- \*\*([A-Z]+\d+)\*\*/gm
const FOLDERS = ['server', 'shared', 'widget', 'loadtest'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
)
const MODULES = FOLDERS.filter((path) => path.endsWith('SPEC.md'))
const rulesOf = (spec: string) =>
  [...readFileSync(spec, 'utf8').matchAll(RULE)].map(([, number = '']) => number)

test.each(MODULES)('%s gives each number to one rule', (spec) => {
  const numbers = rulesOf(spec)
  expect(numbers.filter((number, i) => numbers.indexOf(number) !== i)).toEqual([])
})

/** What stands in brackets at the head of a test's title. */
const QUOTED = /\b(?:test|it|describe)(?:\.\w+)*\(\s*['"`]\[([^\]]+)\]/g
const lettersOf = (rule: string) => rule.replace(/\d+$/, '')

test('the rules that titles of tests quote are there', () => {
  const rules = new Set(MODULES.flatMap(rulesOf))
  const letters = new Set([...rules].map(lettersOf))
  const unknown = FOLDERS.filter((path) => /\.test\.tsx?$/.test(path)).flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(QUOTED)]
      .flatMap(([, quoted = '']) => quoted.split(' '))
      .filter((rule) => /\d$/.test(rule) && letters.has(lettersOf(rule)) && !rules.has(rule))
      .map((rule) => `${path}: ${rule}`),
  )
  expect(unknown).toEqual([])
})
