/** The lane of moments: one at a time; what says the same is one line, and a count tells how many wait. */

import type {
  CampaignView,
  CommentLine,
  FlashView,
  Moment,
  TaskView,
} from '../../shared/room-state.ts'
import type { PackView } from '../../shared/tiers.ts'
import type { Runtime } from '../client/browser.ts'
import { LANE_GAP_MS, LANE_MAX, LANE_STAY_MS, STALE_MS } from './limits.ts'
import { type ReadonlySignal, signal } from './reactive.ts'

export type Item =
  | { kind: 'reached' | 'announced'; rung: number; names: string[]; others: number; text: string }
  | { kind: 'task'; task: TaskView }
  | { kind: 'won'; won: number }
  | { kind: 'campaign'; campaign: CampaignView }
  | { kind: 'flash'; flash: FlashView }
  | { kind: 'pack'; pack: PackView }
  | { kind: 'heat'; level: number }
  | { kind: 'spotlit'; comment: CommentLine }

/** Who goes first, and who is dropped last. */
const WEIGHTS: Record<Item['kind'], number> = {
  announced: 3,
  spotlit: 3,
  task: 2,
  campaign: 2,
  flash: 2,
  pack: 3,
  heat: 1,
  won: 1,
  reached: 0,
}

/**
 * The line for a moment; none where it is history at server time `nowMs`, or the viewer's own tier-up,
 * which has a celebration of its own.
 */
export function itemOf(moment: Moment, nowMs: number, me?: string): Item | undefined {
  if (nowMs - moment.atMs > STALE_MS) return undefined
  switch (moment.kind) {
    case 'tier.reached': {
      const { rung, handles, others } = moment
      const own = me === undefined ? -1 : handles.indexOf(me)
      const names = moment.names.filter((_, i) => i !== own)
      if (names.length === 0 && others === 0) return undefined
      return { kind: 'reached', rung, names, others, text: '' }
    }
    case 'tier.announced': {
      const { rung, names, others, text } = moment
      return { kind: 'announced', rung, names, others, text }
    }
    case 'task.started':
      return { kind: 'task', task: moment.task }
    case 'task.ended':
      return moment.won > 0 ? { kind: 'won', won: moment.won } : undefined
    case 'campaign.started':
      return { kind: 'campaign', campaign: moment.campaign }
    case 'flash.opened':
      return { kind: 'flash', flash: moment.flash }
    case 'heat.rose':
      return { kind: 'heat', level: moment.level }
    case 'comment.spotlit':
      return { kind: 'spotlit', comment: moment.comment }
    default:
      return undefined
  }
}

/** Two lines as one, or undefined where they say different things. */
export function joined(old: Item, next: Item): Item | undefined {
  if (old.kind === 'reached' && next.kind === 'reached' && old.rung === next.rung)
    return { ...old, others: old.others + next.names.length + next.others }
  if (old.kind === 'heat' && next.kind === 'heat') return next
  return undefined
}

/** The queue after one more. */
export function enqueue(queue: readonly Item[], next: Item): Item[] {
  for (const [i, old] of queue.entries()) {
    const one = joined(old, next)
    if (one) return queue.map((item, at) => (at === i ? one : item))
  }
  const at = queue.findIndex((old) => WEIGHTS[old.kind] < WEIGHTS[next.kind])
  const all = [...queue]
  all.splice(at < 0 ? all.length : at, 0, next)
  return all.slice(0, LANE_MAX)
}

export interface Lane {
  shown: ReadonlySignal<{ key: number; item: Item } | undefined>
  waiting: ReadonlySignal<number>
  push(item: Item): void
  /** Quiet mode: drops everything at once. */
  clear(): void
}

export function createLane(runtime: Pick<Runtime, 'after'>): Lane {
  const shown = signal<{ key: number; item: Item } | undefined>(undefined)
  const waiting = signal(0)
  let queue: Item[] = []
  let cancel: (() => void) | undefined
  let key = 0
  const next = () => {
    cancel = undefined
    const [item, ...rest] = queue
    queue = rest
    waiting.value = rest.length
    if (!item) return
    shown.value = { key: ++key, item }
    cancel = runtime.after(LANE_STAY_MS, () => {
      shown.value = undefined
      cancel = runtime.after(LANE_GAP_MS, next)
    })
  }
  return {
    shown,
    waiting,
    push(item) {
      const now = shown.value
      const counted = now && joined(now.item, item)
      if (now && counted) {
        // The line that stands there counts up.
        shown.value = { key: now.key, item: counted }
        return
      }
      queue = enqueue(queue, item)
      waiting.value = queue.length
      if (!cancel) next()
    },
    clear() {
      cancel?.()
      cancel = undefined
      queue = []
      waiting.value = 0
      shown.value = undefined
    },
  }
}
