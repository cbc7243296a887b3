/** What a viewer did in a live, as the record of the visit has it. */

import type { TaskProgress } from '../../shared/account-state.ts'
import { must, type Unpacker, u48At } from '../kernel/index.ts'
import type { PackedRecord } from '../redis/index.ts'
import { type StoredState, TASK_STATES } from './account-view.ts'

/** Parts of a visit. */
const [, VISIT_ATTENTION, TASKS] = [0, 1, 2]

export const NO_TASKS: TaskProgress[] = []

/** Nothing in a visit that is not there. */
export function readVisit(visit: PackedRecord | undefined, state: StoredState): void {
  const { live } = state
  live.points = 0
  live.watchedMs = 0
  live.continuousMs = 0
  state.tasks = NO_TASKS
  if (!visit) return
  live.points = u48At(visit.fixedBytes, visit.fixedAt(VISIT_ATTENTION))
  const watch = visit.section(VISIT_ATTENTION)
  if (watch) {
    live.watchedMs = watch.u48()
    live.continuousMs = watch.u48()
    watch.skip(6 + 6)
    live.points += watch.u48()
  }
  const section = visit.section(TASKS)
  const count = section?.u8() ?? 0
  if (section && count > 0) state.tasks = readTasks(section, count)
}

function readTasks(section: Unpacker, count: number): TaskProgress[] {
  const tasks: TaskProgress[] = []
  for (let n = count; n > 0; n--) {
    const task: TaskProgress = {
      task: section.u32(),
      progress: section.u32(),
      state: must(TASK_STATES[section.u8()], 'a task state'),
    }
    const rank = section.u32()
    if (rank > 0) task.rank = rank
    section.skip(6)
    tasks.push(task)
  }
  return tasks
}
