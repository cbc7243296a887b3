import { expect, it } from 'vitest'
import { ManualRuntime } from '../client/testing.ts'
import { createLateSheet, type SheetScript } from './late-sheet.ts'
import { createOverlayModel } from './model.ts'
import { createPrefs } from './prefs.ts'
import * as reactive from './reactive.ts'
import { FakeClient } from './testing.ts'

const parts = { Sheet: () => null, Paid: () => null, Show: () => null }
const script: SheetScript = { create: () => parts, css: '.sheet{color:red}' }

function depsOf() {
  const client = new FakeClient()
  const runtime = new ManualRuntime()
  const prefs = createPrefs(() => sessionStorage)
  return {
    client,
    runtime,
    reactive,
    model: createOverlayModel({ client, runtime, prefs }),
    panel: reactive.signal(undefined),
    lang: reactive.signal('zh' as const),
    api: 'https://points.test',
    get: fetch,
    address: '',
    room: undefined,
  }
}

it('the sheet is asked for when it is first opened, once, and again where it did not come', async () => {
  const root = document.createElement('div').attachShadow({ mode: 'open' })
  const asked: string[] = []
  const answers = [undefined, script]
  const sheet = createLateSheet(root, depsOf(), async (api) => {
    asked.push(api)
    return answers.shift()
  })
  expect(asked).toEqual([])
  sheet.want()
  sheet.want()
  await Promise.resolve()
  expect(sheet.parts.value).toBeUndefined()
  sheet.want()
  await Promise.resolve()
  sheet.want()
  expect(asked).toEqual(['https://points.test', 'https://points.test'])
  expect(sheet.parts.value).toBe(parts)
})

it('[O26] an overlay that begins again in its root does not dress it twice', async () => {
  const root = document.createElement('div').attachShadow({ mode: 'open' })
  for (const _ of [1, 2, 3]) {
    createLateSheet(root, depsOf(), async () => script).want()
    await Promise.resolve()
  }
  expect(root.adoptedStyleSheets).toHaveLength(1)
})
