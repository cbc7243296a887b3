/** What is missing to the next tier where growth is not the only way. */

import { render } from 'preact'
import { expect, it } from 'vitest'
import type { QuestView } from '../../shared/quests.ts'
import type { RungView } from '../../shared/room-state.ts'
import { signal } from './reactive.ts'
import { SHEET_STRINGS } from './sheet-strings.ts'
import type { SheetView } from './sheet-view.ts'
import { accountOf, roomOf } from './testing.ts'
import { goalOf } from './view.ts'
import { Ways } from './Ways.tsx'

const rung = (of: Partial<RungView>): RungView => ({
  id: 'r',
  label: { zh: '金卡', en: 'Gold card' },
  factor: 1,
  benefits: [],
  ...of,
})

it('[O3 003-20 003-24] the goal is what the server says where growth is not the only way', () => {
  const rungs = [rung({ growth: 0 }), rung({ growth: 100, points: 1000 })]
  const goal = { left: 300, progress: 70 }
  expect(goalOf(rungs, { rung: 0, growth: 10, goal })).toMatchObject({ ...goal, grows: false })
  const near = { left: 90, progress: 10 }
  expect(goalOf(rungs, { rung: 0, growth: 10, goal: near })).toMatchObject({ grows: true })
  expect(goalOf(rungs, { rung: 0, growth: 10 })).toMatchObject({ ...near, grows: true })
})

it('[O3 002-34] the sheet says what is missing by each way, quest by quest', () => {
  const title = (zh: string) => ({ zh, en: zh })
  const quest = (id: string, progress: number, goal: number): QuestView => ({
    id,
    title: title(id),
    period: 'once',
    action: 'share',
    progress,
    goal,
    state: progress >= goal ? 'done' : 'open',
    steps: [],
  })
  const next = rung({ growth: 100, points: 1000, tasks: ['看 3 天', '邀请 3 人'] })
  const room = roomOf({ ladder: { id: 'x', rungs: [rung({ growth: 0 }), next] } })
  const account = accountOf({ tier: { rung: 0, growth: 40, promotions: 0, earned: 250 } })
  const view = {
    lang: 'zh',
    s: SHEET_STRINGS.zh,
    model: { state: signal({ account, room }) },
    quests: { list: signal([quest('看 3 天', 3, 3), quest('邀请 3 人', 1, 3)]) },
  } as unknown as SheetView
  const into = document.createElement('div')
  render(<Ways view={view} />, into)
  expect(into.textContent).toBe(
    '升到金卡：再得 750 积分，或 再得 60 成长值，或 看 3 天 ✓、邀请 3 人 1/3',
  )
  account.tier.rung = 1
  render(<Ways view={{ ...view }} />, into)
  expect(into.textContent).toBe('')
})
