import { render } from 'preact'
import { afterEach, expect, it } from 'vitest'
import { LateTab } from './LateTab.tsx'
import { latePartWhen } from './late-part.ts'
import * as reactive from './reactive.ts'
import { SHEET_STRINGS } from './sheet-strings.ts'
import type { SheetView } from './sheet-view.ts'

const host = document.createElement('div')
afterEach(() => render(null, host))

const script = { create: () => () => <ul /> }

/** A tab in its place; `answers` are what its script comes to, one after the other. */
function open(answers: (typeof script | undefined)[]) {
  const panel = reactive.signal('today')
  const focused: Event[] = []
  const view = {
    s: SHEET_STRINGS.en,
    go: (show: () => void, event: Event) => {
      focused.push(event)
      show()
    },
  } as unknown as SheetView
  const load = async () => answers.shift()
  const tab = latePartWhen(
    { api: '', reactive },
    { announce() {}, load },
    () => panel.value === 'history',
  )
  reactive.effect(() => render(<LateTab tab={tab} view={view} />, host))
  return { answers, panel, focused }
}
const settle = () => new Promise((done) => setTimeout(done))

it('a tab that has not come says that it is read, and is asked for only when it is looked at', async () => {
  const { answers, panel } = open([script])
  await settle()
  expect(answers).toHaveLength(1)
  panel.value = 'history'
  expect(host.textContent).toBe('Reading…')
  await settle()
  expect(host.innerHTML).toBe('<ul></ul>')
})

it('a tab that does not come says so; its button asks again and keeps the focus in the sheet', async () => {
  const { panel, focused } = open([undefined, script])
  panel.value = 'history'
  await settle()
  expect(host.querySelector('[role=status]')?.textContent).toBe(SHEET_STRINGS.en.unread)
  const again = host.querySelector('button')
  expect(again?.textContent).toBe('Try again')
  again?.click()
  expect(focused).toHaveLength(1)
  expect(host.textContent).toBe('Reading…')
  await settle()
  expect(host.innerHTML).toBe('<ul></ul>')
})

it('a tab that did not come is asked for again at the next look', async () => {
  const { panel } = open([undefined, script])
  panel.value = 'history'
  await settle()
  panel.value = 'today'
  panel.value = 'history'
  await settle()
  expect(host.innerHTML).toBe('<ul></ul>')
})
