/** What everybody in a room sees, and how pulses and moments change it. */

import type { Colour, DrawView, Entrance, VoteView, Winner } from './effects.ts'
import type { Action } from './receipt.ts'
import type { Label } from './rulebook/schema.ts'

export interface HeatView {
  /** Decayed sum of weighted actions. */
  value: number
  level: number
  /** Heat at which the next level begins; absent at the top. */
  next?: number
  /** Multiplier of each action now, thousandths, heat and campaigns stacked; absent means 1000. */
  multipliers: Partial<Record<Action, number>>
  /** Shares of the actions in the heat of the last minute, largest first. */
  why: { action: Action; share: number }[]
  /** Why the level does not rise although the heat would allow it. */
  held?: 'actors' | 'dwell'
}

export interface BoardLine {
  handle: string
  name: string
  rung: number
  points: number
}

export interface CommentLine {
  /** Position in the room's ring; rises by one. */
  id: number
  handle: string
  name: string
  rung: number
  text: string
  atMs: number
  question?: true
  /** Owned by the author. */
  colour?: Colour
  /** Title of the badge that the author wears: earned on a weekly board, never sold. */
  star?: Record<'zh' | 'en', string>
  /** Title of the author's rung in the fan club of the room's host. */
  club?: Record<'zh' | 'en', string>
}

export interface TaskView {
  task: number
  action: Action
  goal: number
  points: number
  growth: number
  title: Label
  startsAtMs: number
  endsAtMs: number
  /** Places in all and places left; absent where everybody who reaches the goal is paid. */
  quota?: number
  left?: number
}

export interface CampaignView {
  campaign: number
  action: Action | 'all'
  /** Thousandths; of a key moment that of what weighs most. */
  factor: number
  /** Of a key moment: what each action is multiplied by, thousandths; one that is not named keeps its own. */
  weights?: Partial<Record<Action, number>>
  title: Label
  startsAtMs: number
  endsAtMs: number
}

/** A reward for a short time at a low price. */
export interface FlashView {
  reward: string
  title: Label
  points: number
  /** Only for this rung of the ladder and above. */
  rung?: number
  opensAtMs: number
  closesAtMs: number
}

/** Things that happen once and must be seen once. `seq` rises by one within a room's epoch. */
export type Moment = { seq: number; atMs: number } & MomentBody
export type MomentBody =
  | {
      kind: 'tier.reached'
      ladder: string
      rung: number
      names: string[]
      handles: string[]
      others: number
    }
  | {
      kind: 'tier.announced'
      ladder: string
      rung: number
      names: string[]
      others: number
      text: string
    }
  | { kind: 'task.started'; task: TaskView }
  | { kind: 'task.ended'; task: number; won: number }
  | { kind: 'campaign.started'; campaign: CampaignView }
  | { kind: 'campaign.ended'; campaign: number }
  | { kind: 'flash.opened'; flash: FlashView }
  | { kind: 'flash.closed'; reward: string; taken: number }
  | { kind: 'heat.rose'; level: number }
  | { kind: 'comment.spotlit'; comment: CommentLine }
  | { kind: 'stage.safe'; safe: boolean }
  | { kind: 'live.ended' }
  | {
      kind: 'broadcast.shown'
      handle: string
      name: string
      rung: number
      text: string
    }
  | { kind: 'entrance.shown'; entrance: Entrance; names: string[]; others: number }
  | { kind: 'tip.given'; handle: string; name: string; points: number }
  | { kind: 'draw.opened'; draw: DrawView }
  | {
      kind: 'draw.closed'
      draw: number
      box: boolean
      title: Label
      /** The first 20. */
      winners: Winner[]
      others: number
      tickets: number
      seed: string
    }
  | { kind: 'vote.opened'; vote: VoteView }
  | { kind: 'vote.closed'; vote: VoteView }

export interface LiveView {
  no: number
  state: 'open' | 'ending' | 'ended'
  startedAtMs: number
}

export interface RungView {
  id: string
  label: Label
  /** Growth, points ever earned, or quests that reach it, whichever there are: any of them is enough. */
  growth?: number
  points?: number
  tasks?: string[]
  /** As the rulebook writes it: 1.5 is x1.5. */
  factor: number
  benefits: Label[]
}

/** The part of the room that every pulse carries whole. */
export interface RoomPulse {
  /** Of the room; a new one means sequence numbers started over. */
  epoch: string
  /** Of the newest moment. */
  seq: number
  atMs: number
  heat: HeatView
  audience: number
  live: LiveView
  /** Absent where unchanged since the pulse before. */
  board?: BoardLine[]
  tasks: TaskView[]
  campaigns: CampaignView[]
  /** New since the pulse before. */
  comments: CommentLine[]
  rulebook: number
  /** Rises when rewards or their stock have changed; absent where unchanged since the pulse before. */
  shelf?: number
  safe: boolean
  /** The service cannot take actions now; the overlay says that points are paused. */
  paused?: true
  /** Redis time up to which each shard is durable, in shard order; 0 where unknown. */
  durable: number[]
  /**
   * First characters of the epoch that each watermark speaks of, in shard order. A watermark of a new epoch
   * says nothing about what was applied in the one before.
   */
  epochs?: string[]
}

export interface RoomState extends RoomPulse {
  room: { id: string; name: string; brand: string }
  board: BoardLine[]
  ladder: { id: string; rungs: RungView[] }
  /** The burn week that runs or comes next, where the rulebook has one. */
  burnWeek?: { opensAtMs: number; closesAtMs: number }
}

/** A viewer keeps this many comments and moments. */
export const COMMENTS_KEPT = 50

/**
 * The room after a pulse. Pulses are absolute, so one that was lost costs nothing; one that is older than
 * what is shown is dropped.
 */
export function applyPulse(state: RoomState, pulse: RoomPulse): RoomState {
  if (pulse.epoch === state.epoch && pulse.atMs < state.atMs) return state
  const known = state.comments.at(-1)?.id ?? -1
  const fresh = pulse.comments.filter((c) => pulse.epoch !== state.epoch || c.id > known)
  const { paused: _, ...rest } = state
  return {
    ...rest,
    ...pulse,
    board: pulse.board ?? state.board,
    comments: fresh.length ? [...state.comments, ...fresh].slice(-COMMENTS_KEPT) : state.comments,
  }
}

export interface MomentCursor {
  epoch: string
  seq: number
}

/** True where the moment has not been shown yet; the cursor after it is (epoch, moment.seq). */
export const isNewMoment = (
  cursor: MomentCursor,
  epoch: string,
  moment: Pick<Moment, 'seq'>,
): boolean => epoch !== cursor.epoch || moment.seq > cursor.seq
