/** Which countdown task is shown, and how it stands. */

import { expect, it } from 'vitest'
import { OFFER_TASK, type OfferView } from '../../shared/offers.ts'
import { TASK_OUTCOME_MS } from './limits.ts'
import { signal } from './reactive.ts'
import { createTaskShown, standing } from './task.ts'
import { accountOf, FakeClient, NOW_MS, roomOf, taskOf } from './testing.ts'

const shownOf = (tasks: ReturnType<typeof taskOf>[], account = accountOf()) => {
  const state = signal(new FakeClient({ room: roomOf({ tasks }), account }).state)
  const now = signal(NOW_MS)
  const offer = signal<OfferView | undefined>(undefined)
  return { state, now, shown: createTaskShown(state, now, offer), offer }
}
const mine = (state: 'open' | 'claiming' | 'won' | 'full', progress = 1) =>
  accountOf({
    live: {
      points: 0,
      watchedMs: 0,
      continuousMs: 0,
      tasks: [{ task: 1, progress, state, ...(state === 'won' && { rank: 13 }) }],
    },
  })

it('[O10] stands as the server says, before what the clock says', () => {
  const late = NOW_MS + 700_000
  expect(standing(taskOf(), { account: mine('won') }, late)).toMatchObject({
    state: 'won',
    rank: 13,
    leftMs: 0,
  })
  expect(standing(taskOf(), { account: mine('claiming') }, NOW_MS).state).toBe('claiming')
  expect(standing(taskOf(), { account: accountOf() }, late).state).toBe('over')
  expect(standing(taskOf({ left: 0 }), { account: accountOf() }, NOW_MS).state).toBe('full')
  expect(standing(taskOf({ goal: 5 }), { account: mine('open', 3) }, NOW_MS)).toMatchObject({
    state: 'open',
    progress: 3,
    leftMs: 600_000,
  })
})

it('[O10] shows the open one that ends first', () => {
  const { shown } = shownOf([
    taskOf({ task: 1, left: 0 }),
    taskOf({ task: 2, endsAtMs: NOW_MS + 90_000 }),
    taskOf({ task: 3, endsAtMs: NOW_MS + 60_000 }),
  ])
  expect(shown.value?.task.task).toBe(3)
})

it('[O10] what was won stays to be read, then goes', () => {
  const { shown, state, now } = shownOf([taskOf()])
  expect(shown.value?.state).toBe('open')
  state.value = { ...state.value, account: mine('won') }
  expect(shown.value?.state).toBe('won')
  now.value += TASK_OUTCOME_MS - 1
  expect(shown.value?.state).toBe('won')
  now.value += 1
  expect(shown.value).toBeUndefined()
})

it('[000-27] an offer to this viewer alone is shown like a task, until it is taken or over', () => {
  const { shown, now, offer } = shownOf([])
  const title = { zh: '打个招呼', en: 'Say hello' }
  const open = {
    ...taskOf({ action: 'comment', goal: 1, points: 50, title }),
    task: OFFER_TASK,
    id: 'speak_up',
    startsAtMs: NOW_MS,
    endsAtMs: NOW_MS + 60_000,
  } as const
  offer.value = { ...open, state: 'open' }
  expect(shown.value).toMatchObject({ state: 'open', leftMs: 60_000, task: { title, points: 50 } })
  offer.value = { ...open, state: 'won', endsAtMs: NOW_MS }
  expect(shown.value?.state).toBe('won')
  now.value = NOW_MS + TASK_OUTCOME_MS
  expect(shown.value).toBeUndefined()
  offer.value = { ...open, endsAtMs: NOW_MS, state: 'open' }
  expect(shown.value?.state).not.toBe('open')
})
