/** The address of the overlay's page: four parameters, nothing else. */

import { expect, it } from 'vitest'
import { readParams } from './params.ts'

const read = (search: string) => {
  const warnings: string[] = []
  return { params: readParams(search, (message) => warnings.push(message)), warnings }
}

it('[O11 C48] takes the four parameters it knows', () => {
  expect(read('?room=demo&lang=en&theme=light&head=92')).toEqual({
    params: { room: 'demo', lang: 'en', theme: 'light', head: 92 },
    warnings: [],
  })
})

it.each([
  'head=1e9',
  'head=99999',
  'head=401',
  'head=-1',
  'head=calc(1px)',
  'theme=dark;background:url(//evil.example)',
  'theme=%3C/style%3E%3Cscript%3E',
  'lang=fr',
  'room=a%7Bb%7D',
  `room=${'a'.repeat(65)}`,
  'accent=url(javascript:1)',
  '__proto__=1',
  'constructor=1',
  'ticket=secret',
])('[O11 C48] ignores %s with a warning', (search) => {
  const { params, warnings } = read(`?${search}`)
  expect(params).toEqual({})
  expect(warnings).toHaveLength(1)
})

it('[O11 C48] the first of a name counts, and a warning never repeats a value', () => {
  const { params, warnings } = read('?room=demo&room=other&x=%0a%1b[31mred')
  expect(params).toEqual({ room: 'demo' })
  expect(warnings).toHaveLength(2)
  expect(warnings.join()).not.toMatch(/other|red/)
})
