import { expect, it } from 'vitest'
import { createLateSheet, type SheetScript } from './late-sheet.ts'

const script: SheetScript = { Sheet: () => null, css: '.sheet{color:red}' }

it('the sheet is asked for when it is first opened, once, and again where it did not come', async () => {
  const root = document.createElement('div').attachShadow({ mode: 'open' })
  const asked: string[] = []
  const answers = [undefined, script]
  const sheet = createLateSheet(root, 'https://points.test', async (api) => {
    asked.push(api)
    return answers.shift()
  })
  expect(asked).toEqual([])
  sheet.want()
  sheet.want()
  await Promise.resolve()
  expect(sheet.component.value).toBeUndefined()
  sheet.want()
  await Promise.resolve()
  sheet.want()
  expect(asked).toEqual(['https://points.test', 'https://points.test'])
  expect(sheet.component.value).toBe(script.Sheet)
})
