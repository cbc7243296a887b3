/** Which countdown task is shown, and how it stands. */

import { expect, it } from 'vitest'
import { signal } from './reactive.ts'
import { createTaskShown, standing } from './task.ts'
import { accountOf, FakeClient, NOW_MS, roomOf, taskOf } from './testing.ts'

const OUTCOME_MS = 6000
const shownOf = (tasks: ReturnType<typeof taskOf>[], account = accountOf()) => {
  const state = signal(new FakeClient({ room: roomOf({ tasks }), account }).state)
  const now = signal(NOW_MS)
  return { state, now, shown: createTaskShown(state, now, OUTCOME_MS) }
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
  now.value += OUTCOME_MS - 1
  expect(shown.value?.state).toBe('won')
  now.value += 1
  expect(shown.value).toBeUndefined()
})
