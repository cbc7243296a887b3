/** A document that sends a reader to a file names one that is there. */

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
