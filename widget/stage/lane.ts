/** The one lane of effects on stage: they queue, merge and never overlap. */

import { type ReadonlySignal, signal } from '@preact/signals'
import type { CommentLine, Moment } from '../../shared/room-state.ts'
import { joined, type Effect as PlayEffect, effectOf as playOf } from '../play/show.ts'
import { LANE_GAP_MS, LANE_MAX, LEAVE_MS, STALE_MS } from './limits.ts'

export type Effect = { key: number } & EffectBody
export type EffectBody =
  | { kind: 'announced'; rung: number; names: string[]; others: number; text: string }
  | { kind: 'reached'; rung: number; names: string[]; others: number }
  | { kind: 'level'; level: number }
  | { kind: 'spotlight'; comment: CommentLine }
  | { kind: 'won'; task: number; won: number }
  | PlayEffect

/** How long each stays: at least `min`, and up to `max` while nothing else waits. */
export const STAYS: Record<EffectBody['kind'], { minMs: number; maxMs: number }> = {
  announced: { minMs: 6000, maxMs: 9000 },
  level: { minMs: 4500, maxMs: 4500 },
  spotlight: { minMs: 8000, maxMs: 20_000 },
  reached: { minMs: 4000, maxMs: 4000 },
  won: { minMs: 4000, maxMs: 4000 },
  broadcast: { minMs: 6000, maxMs: 8000 },
  entrance: { minMs: 3000, maxMs: 3000 },
  tip: { minMs: 3000, maxMs: 4000 },
  drawn: { minMs: 6000, maxMs: 10_000 },
  voted: { minMs: 6000, maxMs: 10_000 },
  opened: { minMs: 4000, maxMs: 4000 },
}

/** Who goes first, and who is dropped last. */
const RANK: Record<EffectBody['kind'], number> = {
  announced: 4,
  broadcast: 3,
  drawn: 3,
  voted: 3,
  level: 3,
  spotlight: 2,
  opened: 2,
  won: 1,
  tip: 1,
  reached: 0,
  entrance: 0,
}

export interface LaneClock {
  now(): number
  /** Runs `run` after `ms` and returns how to call it off. */
  after(ms: number, run: () => void): () => void
}

export interface Lane {
  /** The one effect that shows, or none. */
  shown: ReadonlySignal<Effect | undefined>
  /** It is on its way out. */
  leaving: ReadonlySignal<boolean>
  /** How many wait behind it. */
  waiting: ReadonlySignal<number>
  push(effect: EffectBody): void
  /** Drops everything at once: safe mode, or a stage that was hidden. */
  clear(): void
}

/** What a moment looks like on stage; nothing where it has no effect or is history at server time `nowMs`. */
export function effectOf(moment: Moment, nowMs: number): EffectBody | undefined {
  if (nowMs - moment.atMs > STALE_MS) return undefined
  switch (moment.kind) {
    case 'tier.announced': {
      const { rung, names, others, text } = moment
      return { kind: 'announced', rung, names, others, text }
    }
    case 'tier.reached': {
      const { rung, names, others } = moment
      return { kind: 'reached', rung, names, others }
    }
    case 'heat.rose':
      return { kind: 'level', level: moment.level }
    case 'comment.spotlit':
      return { kind: 'spotlight', comment: moment.comment }
    case 'task.ended':
      return moment.won > 0 ? { kind: 'won', task: moment.task, won: moment.won } : undefined
    default:
      return playOf(moment, nowMs)
  }
}

/** Tips become one line that adds up, arrivals one that counts; anything else stays for itself. */
function counted(old: Effect, next: EffectBody): Effect | undefined {
  if (old.kind !== 'tip' && old.kind !== 'entrance') return undefined
  if (next.kind !== 'tip' && next.kind !== 'entrance') return undefined
  const one = joined(old, next)
  return one && { ...one, key: old.key }
}

const sameNames = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((name, i) => name === b[i])

/**
 * The queue after one more. Tier-ups of one rung become one line; an announcement takes the place of the line
 * that says the same; of level-ups and spotlights only the newest waits; higher ranks wait in front.
 */
export function enqueue(queue: readonly Effect[], next: Effect): Effect[] {
  let rest = [...queue]
  let added = next
  for (const [i, old] of queue.entries()) {
    const one = counted(old, next)
    if (one) return queue.map((e, at) => (at === i ? one : e))
  }
  if (next.kind === 'reached') {
    const same = rest.find((e) => e.kind === 'reached' && e.rung === next.rung)
    if (same?.kind === 'reached') {
      added = { ...same, others: same.others + next.names.length + next.others }
      return rest.map((e) => (e === same ? added : e))
    }
  }
  if (next.kind === 'announced')
    rest = rest.filter(
      (e) => e.kind !== 'reached' || e.rung !== next.rung || !sameNames(e.names, next.names),
    )
  if (next.kind === 'level' || next.kind === 'spotlight')
    rest = rest.filter((e) => e.kind !== next.kind)
  const at = rest.findIndex((e) => RANK[e.kind] < RANK[added.kind])
  rest.splice(at < 0 ? rest.length : at, 0, added)
  return rest.slice(0, LANE_MAX)
}

/** A lane: shows one effect at a time, each for its time, with a rest in between. */
export function createLane(clock: LaneClock): Lane {
  const shown = signal<Effect | undefined>(undefined)
  const queue = signal<readonly Effect[]>([])
  const waiting = signal(0)
  const leaving = signal(false)
  let key = 0
  let sinceMs = 0
  let cancel: (() => void) | undefined
  /** True between two effects. */
  let resting = false

  const wait = (ms: number, run: () => void) => {
    cancel?.()
    cancel = clock.after(ms, run)
  }
  const set = (effects: readonly Effect[]) => {
    queue.value = effects
    waiting.value = effects.length
  }
  const showNext = () => {
    resting = false
    const [next, ...rest] = queue.value
    if (!next) return
    set(rest)
    shown.value = next
    sinceMs = clock.now()
    leaveInTime()
  }
  const rest = () => {
    shown.value = undefined
    leaving.value = false
    resting = true
    wait(LANE_GAP_MS, showNext)
  }
  const leave = () => {
    leaving.value = true
    wait(LEAVE_MS, rest)
  }
  const leaveInTime = () => {
    const effect = shown.value
    if (!effect || leaving.value) return
    const { minMs, maxMs } = STAYS[effect.kind]
    const stayMs = queue.value.length ? minMs : maxMs
    wait(Math.max(0, sinceMs + stayMs - clock.now()), leave)
  }

  return {
    shown,
    leaving,
    waiting,
    push(effect) {
      const current = shown.value
      key++
      const counts = effect.kind === 'reached' && current?.kind === 'reached' && !leaving.value
      if (counts && current.rung === effect.rung) {
        // The line that stands there counts up instead of a second one that says the same.
        shown.value = { ...current, others: current.others + effect.names.length + effect.others }
        return
      }
      const more = current && !leaving.value && counted(current, effect)
      if (more) {
        shown.value = more
        return
      }
      set(enqueue(queue.value, { ...effect, key }))
      if (current) leaveInTime()
      else if (!resting) showNext()
    },
    clear() {
      cancel?.()
      cancel = undefined
      resting = false
      leaving.value = false
      shown.value = undefined
      set([])
    },
  }
}
