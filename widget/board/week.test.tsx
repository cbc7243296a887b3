/** The weekly boards in the sheet, over a scripted client. */

import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, expect, test } from 'vitest'
import type { WeekBoards } from '../../shared/boards.ts'
import { weekOf } from '../dev/week.ts'
import { testRuntime } from '../host/testing.ts'
import { createOverlayModel } from '../overlay/model.ts'
import { createPrefs } from '../overlay/prefs.ts'
import * as reactive from '../overlay/reactive.ts'
import { accountOf, FakeClient, NOW_MS } from '../overlay/testing.ts'
import type { Panel } from '../overlay/view.ts'
import { createWeek } from './create-week.tsx'

const box = document.createElement('div')
afterEach(() => act(() => render(null, box)))

async function open(answer: WeekBoards | undefined, lang: 'zh' | 'en' = 'zh') {
  let asked = 0
  class Scripted extends FakeClient {
    override serverNow = () => NOW_MS
    override async request(): Promise<never> {
      asked++
      return (answer ?? { ok: false, code: 'busy' }) as never
    }
  }
  const client = new Scripted({ account: accountOf() })
  const runtime = testRuntime()
  const model = createOverlayModel({ client, runtime, prefs: createPrefs(() => sessionStorage) })
  const panel = reactive.signal<Panel | undefined>(undefined)
  const shadow = document.createElement('div').attachShadow({ mode: 'open' })
  shadow.append(box)
  const Week = createWeek(
    { client, model, panel, lang: reactive.signal(lang), runtime, reactive },
    '.wk-me { color: red }',
  )
  const look = async () => {
    panel.value = 'board'
    await Promise.resolve()
    await Promise.resolve()
    act(() => render(<Week />, box))
  }
  await look()
  return { runtime, panel, shadow, asked: () => asked }
}

test('[B9 003-21] the viewer sees places, prizes, the own rank and what is missing to a prize', async () => {
  const { shadow } = await open(weekOf('zh', NOW_MS))
  expect(box.querySelector('h3')?.textContent).toContain('本周积分榜')
  expect(box.querySelector('h3')?.textContent).toContain('3 天后结算')
  expect(box.querySelector('.wk-me')?.textContent).toBe('第 41 名1,850再得 2,721 分可获奖励')
  const rows = [...box.querySelectorAll('li')].map((row) => row.textContent)
  expect(rows[0]).toContain('小美')
  expect(rows[0]).toContain('12,480奖 888')
  expect(rows).toHaveLength(8)
  expect(shadow.adoptedStyleSheets.length + shadow.querySelectorAll('style').length).toBe(1)
})

test('[B9] it is read while it is looked at, and no longer', async () => {
  const { runtime, panel, asked } = await open(weekOf('en', NOW_MS), 'en')
  expect(asked()).toBe(1)
  runtime.pass(15_000)
  expect(asked()).toBe(2)
  panel.value = undefined
  await Promise.resolve()
  runtime.pass(60_000)
  expect(asked()).toBe(2)
})

test('[B9] who leads is told so, an empty board invites, and what cannot be read says so', async () => {
  const week = weekOf('en', NOW_MS)
  const [first] = week.boards
  if (!first) throw new Error('no board')
  await open({ ...week, boards: [{ ...first, own: { points: 12_480, rank: 1 } }] }, 'en')
  expect(box.querySelector('.wk-hope')?.textContent).toBe('888 points if you stay here · You lead')
  act(() => render(null, box))
  await open({ ...week, boards: [{ board: { ...first.board, places: [] } }] }, 'en')
  expect(box.textContent).toContain('Be the first')
  act(() => render(null, box))
  await open(undefined, 'en')
  expect(box.textContent).toContain('try again later')
})
