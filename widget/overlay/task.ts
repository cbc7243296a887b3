/** Which countdown task is shown and how it stands for this viewer. */

import type { TaskProgress } from '../../shared/account-state.ts'
import type { OfferView } from '../../shared/offers.ts'
import type { TaskView } from '../../shared/room-state.ts'
import type { ClientState } from '../client/browser.ts'
import { TASK_OUTCOME_MS } from './limits.ts'
import { computed, type ReadonlySignal } from './reactive.ts'

export interface TaskShown {
  task: TaskView
  state: 'open' | 'claiming' | 'won' | 'full' | 'over'
  progress: number
  rank: number | undefined
  leftMs: number
}

type Standing = Pick<TaskProgress, 'task' | 'state'> & Partial<TaskProgress>

/** How a task stands at server time `nowMs`. */
export function standing(
  task: TaskView,
  { account }: { account?: { live: { tasks: readonly Standing[] } } | undefined },
  nowMs: number,
): TaskShown {
  const mine = account?.live.tasks.find((own) => own.task === task.task)
  const leftMs = Math.max(0, task.endsAtMs - nowMs)
  const own = mine?.state ?? 'open'
  const closed = leftMs === 0 ? 'over' : task.left === 0 ? 'full' : 'open'
  return {
    task,
    state: own === 'open' ? closed : own,
    progress: mine?.progress ?? 0,
    rank: mine?.rank,
    leftMs,
  }
}

/**
 * The task to show: open ones first, then the one that ends soonest. What is won, full or over stays for
 * `TASK_OUTCOME_MS` and gives way at once to an open one.
 */
export function createTaskShown(
  state: ReadonlySignal<ClientState>,
  nowMs: ReadonlySignal<number>,
  offer: ReadonlySignal<OfferView | undefined>,
): ReadonlySignal<TaskShown | undefined> {
  /** Since when each has been decided, by server time. Only tasks of the room, so never more than it has. */
  let decided = new Map<number, number>()
  return computed(() => {
    const now = nowMs.value
    const all = (state.value.room?.tasks ?? []).map((task) => standing(task, state.value, now))
    const own = offer.value
    // It says itself how it stands.
    if (own) all.push(standing(own, { account: { live: { tasks: [own] } } }, now))
    const since = new Map<number, number>()
    for (const { task, state: own } of all)
      if (own !== 'open' && own !== 'claiming') since.set(task.task, decided.get(task.task) ?? now)
    decided = since
    const showing = all.filter(({ task }) => {
      const from = since.get(task.task)
      return from === undefined || now - from < TASK_OUTCOME_MS
    })
    const isOpen = (shown: TaskShown) => Number(since.has(shown.task.task))
    showing.sort((a, b) => isOpen(a) - isOpen(b) || a.leftMs - b.leftMs)
    return showing[0]
  })
}
