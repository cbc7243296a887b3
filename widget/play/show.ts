/** The one lane of effects over the picture: they queue, merge and never overlap. */

import type { DrawPrize } from '../../shared/draw.ts'
import type { Entrance, Winner } from '../../shared/effects.ts'
import type { Moment } from '../../shared/room-state.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import type { Runtime } from '../client/browser.ts'
import type { ReadonlySignal, Signal } from '../overlay/reactive.ts'
import type { Lang } from '../ui/lang.ts'
import { SHOW_GAP_MS, SHOW_MAX, SHOW_STALE_MS, SHOW_STAY_MS, SHOW_WAIT_MS } from './limits.ts'

export type Effect =
  | { kind: 'broadcast'; name: string; rung: number; text: string }
  | { kind: 'entrance'; entrance: Entrance; names: string[]; others: number }
  | { kind: 'tip'; names: string[]; others: number; points: number }
  | { kind: 'drawn'; title: Label; winners: Winner[]; others: number }
  | { kind: 'voted'; title: Label; best: Label; votes: number }
  | { kind: 'opened'; what: 'draw' | 'box' | 'vote'; title: Label }

/** Who goes first, and who is dropped last. */
const RANK: Record<Effect['kind'], number> = {
  broadcast: 3,
  drawn: 2,
  voted: 2,
  opened: 2,
  tip: 1,
  entrance: 0,
}
const STAY_MS: Record<Effect['kind'], number> = {
  broadcast: SHOW_STAY_MS.broadcast,
  entrance: SHOW_STAY_MS.entrance,
  tip: SHOW_STAY_MS.tip,
  drawn: SHOW_STAY_MS.result,
  voted: SHOW_STAY_MS.result,
  opened: SHOW_STAY_MS.entrance,
}
const NAMES_MAX = 3

/** What a moment looks like; nothing where it is no effect, or history at server time `nowMs`. */
export function effectOf(moment: Moment, nowMs: number): Effect | undefined {
  if (nowMs - moment.atMs > SHOW_STALE_MS) return undefined
  switch (moment.kind) {
    case 'broadcast.shown': {
      const { name, rung, text } = moment
      return { kind: 'broadcast', name, rung, text }
    }
    case 'entrance.shown': {
      const { entrance, names, others } = moment
      return { kind: 'entrance', entrance, names, others }
    }
    case 'tip.given': {
      const { name, points } = moment
      return { kind: 'tip', names: name ? [name] : [], others: name ? 0 : 1, points }
    }
    case 'draw.opened':
      return {
        kind: 'opened',
        what: moment.draw.box ? 'box' : 'draw',
        title: moment.draw.title,
      }
    case 'vote.opened':
      return { kind: 'opened', what: 'vote', title: moment.vote.title }
    case 'draw.closed': {
      const { title, winners, others, box } = moment
      // What was in a box its owner has seen.
      return box ? undefined : { kind: 'drawn', title, winners, others }
    }
    case 'vote.closed': {
      const { title, options } = moment.vote
      const [best] = [...options].sort((a, b) => b.votes - a.votes)
      return best && { kind: 'voted', title, best: best.label, votes: best.votes }
    }
    default:
      return undefined
  }
}

/** Two effects as one, or undefined where they say different things. */
export function joined(old: Effect, next: Effect): Effect | undefined {
  if (old.kind !== next.kind) return undefined
  if (old.kind === 'tip' && next.kind === 'tip') {
    const fresh = next.names.filter((name) => !old.names.includes(name))
    const names = [...old.names, ...fresh].slice(0, NAMES_MAX)
    const others = old.others + next.others + old.names.length + fresh.length - names.length
    return { ...old, names, others, points: old.points + next.points }
  }
  if (old.kind === 'entrance' && next.kind === 'entrance') {
    const names = [...old.names, ...next.names].slice(0, NAMES_MAX)
    const all = old.names.length + next.names.length + old.others + next.others
    return { ...next, names, others: all - names.length }
  }
  return undefined
}

/** The queue after one more: bounded, and what waits and says the same is one. */
export function enqueue(queue: readonly Effect[], next: Effect): Effect[] {
  for (const [i, old] of queue.entries()) {
    const one = joined(old, next)
    if (one) return queue.map((effect, at) => (at === i ? one : effect))
  }
  const at = queue.findIndex((old) => RANK[old.kind] < RANK[next.kind])
  const all = [...queue]
  all.splice(at < 0 ? all.length : at, 0, next)
  return all.slice(0, SHOW_MAX)
}

export interface Show {
  shown: ReadonlySignal<{ key: number; effect: Effect } | undefined>
  push(effect: Effect): void
  /** Safe or quiet mode: drops everything at once. */
  clear(): void
}

/** `busy`: something else lies over the picture, and effects wait. */
export function createShow(
  runtime: Pick<Runtime, 'after'>,
  shown: Signal<{ key: number; effect: Effect } | undefined>,
  busy: () => boolean,
): Show {
  let queue: Effect[] = []
  let cancel: (() => void) | undefined
  let key = 0
  const next = () => {
    cancel = undefined
    if (queue.length > 0 && busy()) {
      cancel = runtime.after(SHOW_WAIT_MS, next)
      return
    }
    const [effect, ...rest] = queue
    queue = rest
    if (!effect) return
    shown.value = { key: ++key, effect }
    cancel = runtime.after(STAY_MS[effect.kind], () => {
      shown.value = undefined
      cancel = runtime.after(SHOW_GAP_MS, next)
    })
  }
  return {
    shown,
    push(effect) {
      queue = enqueue(queue, effect)
      if (!cancel) next()
    },
    clear() {
      cancel?.()
      cancel = undefined
      queue = []
      shown.value = undefined
    },
  }
}

/** What a winner gets, in words. */
export const prizeWords = (
  { points, voucher, title }: DrawPrize,
  { pointsOf, lang }: { pointsOf: (n: number) => string; lang: Lang },
) => title?.[lang] ?? (points > 0 ? pointsOf(points) : voucher)
