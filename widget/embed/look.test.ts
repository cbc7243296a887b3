/** What docs/integration.md says of the overlay's look is what can be changed of it. */

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LOOK } from './look.ts'

const read = (file: string) => readFileSync(file, 'utf8')
const [, section = ''] = /### Its look\n([\s\S]*?)\n### /.exec(read('docs/integration.md')) ?? []
const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name)

test('[O25] the table names each property that may be set, and each is one of the tokens', () => {
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows.flatMap((row) => quoted(row.split('|')[1] ?? ''))).toEqual([...LOOK])
  const tokens = read('widget/ui/tokens-core.css') + read('widget/ui/tokens-sheet.css')
  for (const name of LOOK) expect(tokens).toContain(`${name}:`)
})

test('[O25] the parts that are named are those that the overlay has', () => {
  const [, list = ''] = /`::part\(\.\.\.\)` reaches ([\s\S]*?), and `--ff-head`/.exec(section) ?? []
  const parts = readdirSync('widget', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx') && !file.startsWith('dev/'))
    .flatMap((file) =>
      [...read(`widget/${file}`).matchAll(/ part="([^"]+)"/g)].map(([, part]) => part),
    )
  expect(quoted(list)).toEqual([...new Set(parts)].sort())
})
