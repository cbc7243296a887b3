/** Which plates stand on stage: pure choices from the room, at most three at once. */

import type { CampaignView, RoomState, TaskView } from '../../shared/room-state.ts'
import type { Effect } from './lane.ts'
import { COUNTDOWN_MORE_MAX, PLATES_MAX } from './limits.ts'

export interface Countdown {
  id: string
  kind: 'task' | 'campaign'
  view: TaskView | CampaignView
  startsAtMs: number
  endsAtMs: number
}

/** What counts down now, what ends first in front; what is over is gone although the pulse still has it. */
export function countdowns(
  room: Pick<RoomState, 'tasks' | 'campaigns'>,
  nowMs: number,
): Countdown[] {
  const all: Countdown[] = [
    ...room.tasks.map((view) => ({
      ...times(view),
      id: `t${view.task}`,
      kind: 'task' as const,
      view,
    })),
    ...room.campaigns.map((view) => ({
      ...times(view),
      id: `c${view.campaign}`,
      kind: 'campaign' as const,
      view,
    })),
  ]
  return all
    .filter((c) => c.startsAtMs <= nowMs && c.endsAtMs > nowMs)
    .sort((a, b) => a.endsAtMs - b.endsAtMs)
    .slice(0, 1 + COUNTDOWN_MORE_MAX)
}

const times = ({ startsAtMs, endsAtMs }: { startsAtMs: number; endsAtMs: number }) => ({
  startsAtMs,
  endsAtMs,
})

export interface Plates {
  heat: boolean
  countdown: boolean
  effect: boolean
  board: boolean
}

/** Heat always, then what counts down, then the effect of the moment; the board where there is room left. */
export function choosePlates(has: {
  safe: boolean
  ended: boolean
  countdown: boolean
  effect: Effect | undefined
  board: boolean
}): Plates {
  if (has.safe) return { heat: false, countdown: false, effect: false, board: false }
  // A level-up is the heat plate itself, grown; it takes no place of its own.
  const own = has.effect !== undefined && has.effect.kind !== 'level'
  let left = PLATES_MAX
  const take = (wanted: boolean) => wanted && left-- > 0
  return {
    heat: take(!has.ended || has.effect?.kind === 'level'),
    countdown: take(has.countdown),
    effect: take(own),
    board: take(has.board),
  }
}

/** How much of the time is left, 0 to 100. */
export const restOf = ({ startsAtMs, endsAtMs }: Countdown, nowMs: number): number =>
  Math.max(0, Math.min(100, ((endsAtMs - nowMs) / Math.max(1, endsAtMs - startsAtMs)) * 100))
