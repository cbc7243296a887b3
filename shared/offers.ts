/** An offer as the viewer is shown it: like a task of the room, of this viewer alone. Free of zod. */

import type { TaskView } from './room-state.ts'

/** Stands where a task has its number. */
export const OFFER_TASK = -1

export interface OfferView extends Omit<TaskView, 'quota' | 'left'> {
  task: typeof OFFER_TASK
  /** Of the rulebook. */
  id: string
  /** `won`: the points are there. */
  state: 'open' | 'won'
}
