/** Quests of the sheet: read once, read again when one moves, and the check-in is sent once at a time. */

import { expect, it } from 'vitest'
import type { QuestView } from '../../shared/quests.ts'
import { createQuests } from './quests.ts'
import { batch, computed, effect, signal } from './reactive.ts'
import { FakeClient, receiptOf } from './testing.ts'

const QUEST: QuestView = {
  id: 'check_in',
  title: { zh: '每日签到', en: 'Daily check-in' },
  period: 'streak',
  action: 'sign_in',
  progress: 0,
  goal: 5,
  state: 'open',
  steps: [{ goal: 1, points: 1, growth: 0, rungs: 0, state: 'today' }],
}

class Asked extends FakeClient {
  override async request(name?: string): Promise<never> {
    this.did.push(name ?? '')
    return { ok: true, atMs: 0, quests: [QUEST] } as never
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve))

it('[O18] quests are read when the sheet shows them and again when one moved, not at each like', async () => {
  const client = new Asked()
  const panel = signal<'today' | undefined>(undefined)
  const deps = { client, panel, model: { state: signal(client.state) } }
  const reactive = { batch, computed, effect, signal }
  const quests = createQuests({ ...deps, reactive } as unknown as Parameters<
    typeof createQuests
  >[0])
  expect(client.did).toEqual([])
  panel.value = 'today'
  await settle()
  expect(client.did).toEqual(['quest.list'])
  expect(quests.list.value).toEqual([QUEST])
  client.scored(receiptOf({ action: 'like' }))
  await settle()
  expect(client.did).toHaveLength(1)
  client.scored(receiptOf({ action: 'task', reason: 'progress', title: QUEST.title }))
  await settle()
  expect(client.did).toHaveLength(2)
  quests.signIn()
  quests.signIn()
  await settle()
  expect(client.did.filter((name) => name === 'signIn.send')).toHaveLength(1)
})
