/** Pays a viewer's place in a limited task, once; rank 0 tells that all places were taken. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import { type EventCap, scoreWithin } from './allowance.ts'
import { platformContext } from './compile.ts'
import { taskOrdersKey } from './keys.ts'
import { type EventReply, scoreEvent } from './score-event.ts'

export interface TaskGrant {
  slot: SlotTag
  account: number
  live: number
  /** Number of the brand that owes the points. */
  issuer: number
  /** Of the room: its day must not turn at the platform's midnight. */
  timeZone: string
  /** From the room's claim; points and growth as the task promised. */
  place: { task: number; rank: number; points: number; growth: number }
  published: PublishedRulebook
  journalMax: number
  /** The platform's; any number of points without it. */
  cap?: EventCap | undefined
  aroundMs: number
  nowMs?: number
}

/** The same place may be granted again after a crash: it is paid once. Throws where Redis cannot be reached. */
export async function grantTask(store: Store, grant: TaskGrant): Promise<EventReply> {
  const { live, issuer, timeZone, place, published, cap, ...rest } = grant
  const order = await store.hget(taskOrdersKey(rest.slot, rest.account, live), String(place.task))
  const need = place.rank > 0 ? place.points : 0
  return scoreWithin(cap, need, (budget) =>
    scoreEvent(store, {
      ...rest,
      id: `task ${live} ${place.task}`,
      body: `${place.rank} ${place.points} ${place.growth}`,
      context: { ...platformContext(published.version, published.book, issuer), live, timeZone },
      action: 'task',
      units: 1,
      place,
      ...(order !== null && { order }),
      budget,
    }),
  )
}
