/** The hot path's queue: gathers commands per partition, for batches that grow under load. */

import type { Clock, Log } from '../kernel/index.ts'
import type { Partitions, Shards, Store, WrittenKeys } from '../redis/index.ts'
import type { AnswerReader, ScoredAction } from '../scoring/index.ts'
import type { Budget, Cap } from './allowance.ts'
import { Lane } from './lane.ts'

/** Who acts; the intake keeps one entry per session until it is scored, and hands back the very actions it was given. */
export interface Actor<Action extends ScoredAction = ScoredAction> {
  account: number
  live: number
  session: { startMs: number; nonce: number }
  personal: number
  /** The compiled context of the actor's room, as of now. */
  context(): Buffer
  /** Of the actor's room; undefined where it may pay any number of points. */
  readonly budget: Budget | undefined
  /** The most an action can pay in the actor's room. */
  most(action: ScoredAction): number
  /** What waits of it; only the intake writes it. */
  pending: Pending | undefined
  /** From `scoreKeys`, for the live as of now. */
  keys(): WrittenKeys
  /**
   * Each answer for the actions handed in, in their order; undefined where they could not be scored. The reader is used
   * again for the next actor.
   */
  answered(actions: readonly Action[], answer: AnswerReader | undefined, atMs: number): void
  /** The call with them hangs; they may still be applied, and `answered` comes when that is known. */
  overdue(actions: readonly Action[]): void
}

/** What one actor sent since its last call. */
export interface Pending {
  actor: Actor
  actions: ScoredAction[]
  sinceMs: number
}

export interface IntakeOptions {
  store: Store
  partitions: Partitions
  shards: Pick<Shards, 'epoch' | 'indexOfSlot'>
  clock: Clock
  log: Log
  gateway: number
  journalMax: number
  /** Of the platform, beside what rooms may pay. */
  cap: Cap
  /** Of the rulebook in force. */
  platform: () => { timeZone: string; dailyPoints: number }
  /** A call was answered; `waitedMs` is what whoever waited longest waited, from the command on. */
  onFlush?: (flush: { viewers: number; ms: number; waitedMs: number }) => void
}

export interface Intake {
  /** False where the partition's queue or the actor's window is full: answer `busy`. */
  add<Action extends ScoredAction>(actor: Actor<Action>, action: Action): boolean
  /** Viewers that wait. */
  depth(): number
  /** Takes nothing more; resolves when everything that was handed in has been answered. */
  drain(): Promise<void>
}

export function createIntake(options: IntakeOptions): Intake {
  const lanes = options.partitions.slots.map((_, index) => new Lane(options, index))
  let draining = false
  return {
    add: (actor, action) =>
      (!draining && lanes[options.partitions.indexOf(actor.account)]?.add(actor, action)) ?? false,
    depth: () => lanes.reduce((sum, lane) => sum + lane.depth, 0),
    async drain() {
      draining = true
      await Promise.all(lanes.map((lane) => lane.idle()))
    },
  }
}
