/** The fan club in the sheet, over a scripted client. */

import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, expect, test } from 'vitest'
import type { ClubRead } from '../../shared/clubs.ts'
import { clubOf } from '../dev/club.ts'
import { roomOf } from '../dev/room-states.ts'
import { testRuntime } from '../host/testing.ts'
import { createOverlayModel } from '../overlay/model.ts'
import { createPrefs } from '../overlay/prefs.ts'
import * as reactive from '../overlay/reactive.ts'
import { accountOf, FakeClient, NOW_MS } from '../overlay/testing.ts'
import type { Panel } from '../overlay/view.ts'
import { createClub } from './create-club.tsx'

const box = document.createElement('div')
afterEach(() => act(() => render(null, box)))

type Answer = ClubRead | { ok: false; code: string }

async function open(answers: Record<string, Answer | undefined>, lang: 'zh' | 'en' = 'zh') {
  const asked: { name: string; input: unknown }[] = []
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
  const Club = createClub(
    { client, model, panel, lang: reactive.signal(lang), runtime, reactive },
    '.club { color: red }',
  )
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    act(() => render(<Club />, box))
  }
  panel.value = 'today'
  await settle()
  const tap = async (selector: string) => {
    box.querySelector<HTMLButtonElement>(selector)?.click()
    await settle()
  }
  return { asked, runtime, panel, client, tap, settle }
}
const sides = () => [...box.querySelectorAll('.cl-side')].map((one) => one.textContent)

test('[004-15] the tier of the platform and the rank in the club stand side by side', async () => {
  await open({ 'club.read': clubOf(NOW_MS, true) })
  expect(sides()).toEqual([
    expect.stringContaining('平台等级'),
    '粉丝团 · 今日 42/2002铁粉再得 264 升真爱粉，平台成长值 +50',
  ])
  const tasks = [...box.querySelectorAll('li')].map((row) => row.textContent)
  expect(tasks).toEqual([
    '18看直播 30 分钟剩 143 份 · 48 分钟后结束+50',
    '5评论 5 条剩 12 份 · 3 天后结束已完成',
  ])
})

test('[FC8] joining says what it costs, asks under one id, and shows why it was refused', async () => {
  const answers: Record<string, Answer> = {
    'club.read': clubOf(NOW_MS, false),
    'club.join': { ok: false, code: 'points_short' },
  }
  const { asked, tap } = await open(answers, 'en')
  expect(sides()[1]).toBe(
    'Watch and take part to rise: New › Loyal › Devoted › BelovedJoin · 100 points',
  )
  expect(box.querySelector('.d')?.textContent).toBe('For members')
  await tap('.cl-join button')
  expect(box.querySelector('.cl-no')?.textContent).toBe('Not enough points')
  answers['club.join'] = clubOf(NOW_MS, true)
  await tap('.cl-join button')
  expect(box.querySelector('.cl-no')).toBeNull()
  expect(sides()[1]).toContain('Loyal')
  const ids = asked.filter(({ name }) => name === 'club.join').map(({ input }) => input)
  expect(ids).toHaveLength(2)
  expect(ids[0]).toEqual(ids[1])
})

test('[FC5] leaving is asked twice', async () => {
  const { asked, tap } = await open({
    ...{ 'club.read': clubOf(NOW_MS, true), 'club.leave': clubOf(NOW_MS, false) },
  })
  await tap('.cl-leave')
  expect(box.querySelector('.cl-leave')?.textContent).toBe('确定退出（成长值保留）')
  expect(asked.some(({ name }) => name === 'club.leave')).toBe(false)
  await tap('.cl-leave')
  expect(box.querySelector('.cl-join')).not.toBeNull()
})

test('it is read while it is looked at, and when the account changes; without clubs nothing is shown', async () => {
  const { asked, runtime, panel, client, settle } = await open({
    'club.read': { ok: true, atMs: NOW_MS },
  })
  expect(box.textContent).toBe('')
  expect(asked).toHaveLength(1)
  runtime.pass(10_000)
  await settle()
  client.emit('account', { account: accountOf(), receipts: [] })
  await settle()
  expect(asked).toHaveLength(3)
  panel.value = undefined
  await settle()
  runtime.pass(60_000)
  await settle()
  expect(asked).toHaveLength(3)
})
