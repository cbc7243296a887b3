/** Team tasks in the sheet, over a scripted client. */

import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, expect, test } from 'vitest'
import type { TeamsRead } from '../../shared/teams.ts'
import { roomOf } from '../dev/room-states.ts'
import { teamsOf } from '../dev/team.ts'
import { testRuntime } from '../host/testing.ts'
import { createOverlayModel } from '../overlay/model.ts'
import { createPrefs } from '../overlay/prefs.ts'
import * as reactive from '../overlay/reactive.ts'
import { accountOf, FakeClient, NOW_MS } from '../overlay/testing.ts'
import type { Panel } from '../overlay/view.ts'
import { createTeam } from './create-team.tsx'

const box = document.createElement('div')
afterEach(() => act(() => render(null, box)))

type Answer = TeamsRead | { ok: false; code: string; field?: string }

async function open(
  answers: Record<string, Answer | undefined>,
  { lang = 'zh' as 'zh' | 'en', address = '' } = {},
) {
  const asked: { name: string; input: unknown }[] = []
  const handed: string[] = []
  class Scripted extends FakeClient {
    override serverNow = () => NOW_MS
    override async request(name?: string, input?: unknown): Promise<never> {
      asked.push({ name: name ?? '', input })
      return (answers[name ?? ''] ?? { ok: false, code: 'busy' }) as never
    }
  }
  const client = new Scripted({ account: accountOf(), room: roomOf(lang, NOW_MS) })
  const runtime = testRuntime()
  const model = createOverlayModel({ client, runtime, prefs: createPrefs(() => sessionStorage) })
  const panel = reactive.signal<Panel | undefined>(undefined)
  document.createElement('div').attachShadow({ mode: 'open' }).append(box)
  const Team = createTeam(
    { address, client, model, panel, lang: reactive.signal(lang), runtime, reactive },
    '.team { color: red }',
  )
  const handOn = async (team: string) => handed.push(team) > 0
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    act(() => render(<Team handOn={handOn} />, box))
  }
  panel.value = 'today'
  await settle()
  const tap = async (selector: string) => {
    box.querySelector<HTMLButtonElement>(selector)?.click()
    await settle()
  }
  /** Nothing of a page that is not shown submits itself. */
  const enter = async (text: string) => {
    const form = box.querySelector<HTMLFormElement>('.tm-join')
    const input = form?.querySelector('input')
    if (!form || !input) throw new Error('no form')
    input.value = text
    form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
    await settle()
  }
  return { asked, handed, runtime, panel, tap, enter, settle }
}
const texts = (selector: string) =>
  [...box.querySelectorAll(selector)].map((one) => one.textContent)

test("[003-23] a team shows how far it is together, each member's part, and how its code is handed on", async () => {
  const { handed, tap } = await open({ 'team.list': teamsOf(NOW_MS, 'going') })
  expect(texts('.tm-sum')).toEqual(['37/60还差 23'])
  expect(texts('.tm-member')).toEqual([
    '我25',
    '爱做饭的阿哲今天也在12',
    '柚子茶0再 10 有奖',
    '等好友加入',
  ])
  expect(texts('.tm-code')).toEqual(['组队码K7QMZ-4XW2P'])
  await tap('.tm-foot .pri')
  expect(handed).toEqual(['K7QMZ4XW2P'])
})

test('[003-23] a team that has reached its target says what each was paid, and is not left', async () => {
  await open({ 'team.list': teamsOf(NOW_MS, 'reached') }, { lang: 'en' })
  expect(texts('.tm-sum')).toEqual(['60/60Reached!'])
  expect(texts('.tm-member')).toEqual([
    'You40+30',
    '爱做饭的阿哲今天也在12+30',
    '柚子茶82 more to be paid',
  ])
  expect(box.querySelector('.tm-leave')).toBeNull()
})

test('[003-23] a team is opened with a tap; leaving is asked twice', async () => {
  const { asked, tap } = await open({
    'team.list': teamsOf(NOW_MS, 'none'),
    'team.open': teamsOf(NOW_MS, 'going'),
    'team.leave': teamsOf(NOW_MS, 'none'),
  })
  await tap('.tm-open')
  expect(asked.at(-1)).toEqual({ name: 'team.open', input: { task: 'cheer' } })
  await tap('.tm-leave')
  expect(asked.at(-1)?.name).toBe('team.open')
  await tap('.tm-leave')
  expect(asked.at(-1)).toEqual({ name: 'team.leave', input: { task: 'cheer' } })
  expect(texts('.tm-sum')).toEqual([])
})

test("[003-23] a friend's code may be typed as it is read, or comes with the link; a refusal says why", async () => {
  const answers: Record<string, Answer> = {
    'team.list': teamsOf(NOW_MS, 'none'),
    'team.join': { ok: false, code: 'team_limit', field: 'size' },
  }
  const { asked, enter } = await open(answers)
  await enter('k7qmz')
  expect(texts('.tm-no')).toEqual(['组队码是 10 位字母和数字'])
  await enter('k7qmz-4xw2p')
  expect(asked.at(-1)).toEqual({ name: 'team.join', input: { code: 'K7QMZ4XW2P' } })
  expect(texts('.tm-no')).toEqual(['这个队已经满员'])
  act(() => render(null, box))
  const linked = await open(answers, { address: '?via=abc&team=K7QMZ4XW2P' })
  answers['team.join'] = teamsOf(NOW_MS, 'going')
  await linked.tap('.tm-invited button')
  expect(linked.asked.at(-1)?.input).toEqual({ code: 'K7QMZ4XW2P' })
  expect(texts('.tm-invited')).toEqual([])
  expect(texts('.tm-sum')).toHaveLength(1)
})

test('it is read again while it is looked at; without tasks nothing is shown', async () => {
  const { asked, runtime, panel, settle } = await open({
    'team.list': { ok: true, atMs: NOW_MS, tasks: [] },
  })
  expect(box.textContent).toBe('')
  runtime.pass(4000)
  await settle()
  expect(asked).toHaveLength(2)
  panel.value = undefined
  await settle()
  runtime.pass(60_000)
  await settle()
  expect(asked).toHaveLength(2)
})
