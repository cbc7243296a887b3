import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { problemsOf } from './problems.ts'

const FOLDER = 'shared/rulebook'
/** Where the schema's own conditions stand in the source: as an option, or through a file's own `issue`. */
const MESSAGES = /(?:message: |issue\('\w+', )'([^']+)'/g

const messages = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ts') && !name.includes('.test.'))
  .flatMap((name) => [...readFileSync(`${FOLDER}/${name}`, 'utf8').matchAll(MESSAGES)])
  .map(([, message = '']) => message)

test.each([...new Set(messages)])('[G19] "%s" is told in both languages', (message) => {
  const { error } = z
    .number()
    .refine(() => false, { message })
    .safeParse(1)
  const [problem] = error ? problemsOf(error) : []
  expect(problem?.text.zh).toMatch(/\p{Script=Han}/u)
  expect(problem?.text.zh).not.toContain(message)
})

test('[G19] a day that is none is told how days are written', () => {
  const { error } = z.iso.date().safeParse('30.11.2026')
  expect(error && problemsOf(error)).toMatchObject([{ text: { zh: '日期写成 2026-11-30' } }])
})
