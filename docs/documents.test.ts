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
const MODULES = ['server', 'shared', 'widget', 'loadtest'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('SPEC.md'))
    .map((path) => join(folder, path)),
)

test.each(MODULES)('%s gives each number to one rule', (spec) => {
  const numbers = [...readFileSync(spec, 'utf8').matchAll(RULE)].map(([, number]) => number)
  expect(numbers.filter((number, i) => numbers.indexOf(number) !== i)).toEqual([])
})
