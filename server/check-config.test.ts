import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { PRESETS } from '../shared/rulebook/presets.ts'
import { checkConfig } from './check-config.ts'

const dir = mkdtempSync(join(tmpdir(), 'ff-check-'))
afterAll(() => rmSync(dir, { recursive: true }))

async function check(text: string) {
  const file = join(dir, 'book.json')
  writeFileSync(file, text)
  return checkConfig(['--rulebook', file])
}

test('[WN2 003-02] check-config warns of points that expire within 30 days, and takes the book all the same', async () => {
  const soon = { ...PRESETS.live, wallet: { expiry: { kind: 'rolling', months: 1 } } }
  const found = await check(JSON.stringify(soon))
  expect(found.code).toBe(0)
  expect(found.text).toMatch(
    /\nwarning, wallet\.expiry: Mind: points may expire as soon as 28 days/,
  )
  const good = await check(JSON.stringify(PRESETS.live))
  expect(good.code).toBe(0)
  expect(good.text).toContain('How to earn: Every like earns 1 point')
  expect(good.text).not.toMatch(/^warning,/m)
})

test('a book that does not fit names every place; no book is no crash', async () => {
  const wrong = await check(JSON.stringify({ ...PRESETS.live, ceiling: 99, note: 7 }))
  expect(wrong.code).toBe(2)
  expect(wrong.text.split('\n').map((line) => line.split(':')[0])).toEqual(['note', 'ceiling'])
  expect((await check('{')).code).toBe(2)
  expect((await checkConfig(['--rulebok'])).code).toBe(2)
})
