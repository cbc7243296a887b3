/** A pulse's answer as viewers, hosts and the scoring context need it. */

import { ONE, stackMultipliers } from '../../shared/points.ts'
import type { HostPulse } from '../../shared/protocol/events.ts'
import { ACTIONS, type Action } from '../../shared/receipt.ts'
import type {
  BoardLine,
  CampaignView,
  HeatView,
  RoomPulse,
  TaskView,
} from '../../shared/room-state.ts'
import type { PublishedRulebook, Rulebook } from '../../shared/rulebook/schema.ts'
import { levelFactor } from '../rooms/index.ts'
import { campaignFor } from './compile.ts'
import type { PulseResult } from './pulse-message.ts'

/** A context that is older counts heat as x1.0. */
export const CONTEXT_VALID_MS = 5000
const VIEWER_COMMENTS = 10
const VIEWER_BOARD = 10
/** Characters of an epoch that tell two apart; a pulse goes to everybody. */
const EPOCH_SHOWN = 8
const HOST_COMMENTS = 50

/** What scoring needs of a room. */
export interface RoomReading {
  live: number
  level: number
  levelSinceMs: number
  campaigns: CampaignView[]
  tasks: TaskView[]
  validUntilMs: number
}

export const roomContext = (result: PulseResult): RoomReading => ({
  live: result.live.no,
  level: result.heat.level,
  levelSinceMs: result.heat.levelSinceMs,
  campaigns: result.campaigns,
  tasks: result.tasks,
  validUntilMs: result.atMs + CONTEXT_VALID_MS,
})

export interface RoomPulseExtras {
  published: PublishedRulebook
  /** Redis time up to which each shard is durable, in shard order. */
  durable: number[]
  /** Of each shard, so that nobody takes a watermark for one of the epoch before. */
  epochs: string[]
  paused?: boolean
}

/** What every socket of the room is sent. */
export function toRoomPulse(result: PulseResult, extras: RoomPulseExtras): RoomPulse {
  return {
    epoch: result.epoch,
    seq: result.seq,
    atMs: result.atMs,
    heat: heatView(result, extras.published.book),
    audience: result.audience,
    live: result.live,
    ...(result.board && { board: result.board.slice(0, VIEWER_BOARD) }),
    tasks: result.tasks,
    campaigns: result.campaigns,
    comments: result.comments.slice(-VIEWER_COMMENTS),
    rulebook: extras.published.version,
    safe: result.safe,
    ...(extras.paused && { paused: true as const }),
    durable: extras.durable,
    epochs: extras.epochs.map((epoch) => epoch.slice(0, EPOCH_SHOWN)),
  }
}

/** What the host's sockets are sent besides, but for what viewers bought. `board` is the newest that a pulse brought. */
export function toHostPulse(result: PulseResult, board: BoardLine[]): Omit<HostPulse, 'play'> {
  return {
    atMs: result.atMs,
    cues: result.cues ?? [],
    comments: result.comments.slice(-HOST_COMMENTS),
    board: result.board ?? board,
    actors: result.actors,
    issued: result.issued,
  }
}

function heatView(result: PulseResult, book: Rulebook): HeatView {
  const { milli, level, held, shares } = result.heat
  const next = book.heat.levels[level + 1]?.from
  const total = shares.reduce((sum, [, share]) => sum + share, 0)
  return {
    value: milli / 1000,
    level,
    ...(next !== undefined && { next }),
    multipliers: multipliersOf(result, book),
    why: shares
      .map(([action, share]) => ({ action, share: share / total }))
      .sort((a, b) => b.share - a.share),
    ...(held && { held }),
  }
}

/** Heat and campaigns stacked as the rulebook says, for each action that is not x1. */
function multipliersOf(result: PulseResult, book: Rulebook): HeatView['multipliers'] {
  const multipliers: HeatView['multipliers'] = {}
  for (const action of Object.keys(ACTIONS) as Action[]) {
    const factor = stackMultipliers(
      {
        heat: levelFactor(book.heat, result.heat.level, action),
        campaign: campaignFor(action, result.campaigns, result.atMs).factor,
        tier: ONE,
        personal: ONE,
      },
      book.stacking,
      Math.round(book.ceiling * ONE),
    )
    if (factor !== ONE) multipliers[action] = factor
  }
  return multipliers
}
