/** What a gateway tells a room in a pulse, and what it is told. */

import type { Cue } from '../../shared/protocol/events.ts'
import type { Action } from '../../shared/receipt.ts'
import type {
  BoardLine,
  CampaignView,
  CommentLine,
  LiveView,
  Moment,
  TaskView,
} from '../../shared/room-state.ts'

/** Most of each in one pulse; a gateway keeps the rest for its next. */
export const ACTORS_PER_PULSE = 8
export const BOARD_PER_PULSE = 100
export const COMMENTS_PER_PULSE = 50

/** What a pulse needs of a rulebook; made once per version. */
export interface PulseRules {
  version: number
  heat: Buffer
}

/** What a gateway holds of a room; the pulse answers what came after. */
export interface RoomCursor {
  epoch: string
  /** Of the newest moment. */
  seq: number
  /** Id of the newest comment. */
  comment: number
  /** Version of the board, and how many places of it are held. */
  board: number
  places: number
}
export const NO_CURSOR: RoomCursor = { epoch: '', seq: 0, comment: 0, board: 0, places: 0 }

/** Places of the board in an answer: more only where a host looks. */
export const BOARD_PLACES = 10
export const HOST_BOARD_PLACES = 50

export interface PulseInput {
  room: string
  gateway: number
  /** Of the gateway's process; sequences start over with it. */
  incarnation: string
  /**
   * From 1, rises by one per pulse of this gateway in this room. A pulse whose answer was lost is sent again
   * with the same number and the same content; what came meanwhile goes into the next.
   */
  sequence: number
  /** The live that the differences below belong to; those of another live are dropped. 0 where not known yet. */
  live: number
  /** Heat in thousandths, after saturation per viewer, and the same by action. */
  weight: number
  byAction: readonly (readonly [action: Action, weight: number])[]
  /** Accounts that heated the room, at most 8; more do not matter. */
  actors: readonly string[]
  /** Gauge: distinct viewers of this gateway whose watch clock credited in the last 30 s. */
  audience: number
  /** Absolute points of this live, at most 100 accounts. */
  board: readonly { account: string; points: number; rung: number; name: string }[]
  /** At most 50. */
  comments: readonly { account: string; line: Omit<CommentLine, 'id' | 'atMs'> }[]
  /** Points issued since the pulse before. */
  issued: number
  cursor: RoomCursor
  rules: PulseRules
  /** A host is attached: the answer has the cues. */
  host: boolean
  nowMs?: number
}

export interface PulseResult {
  epoch: string
  seq: number
  atMs: number
  live: LiveView
  heat: {
    /** Thousandths. */
    milli: number
    level: number
    levelSinceMs: number
    held?: 'actors' | 'dwell'
    /** Decayed sums by action, thousandths. */
    shares: [action: Action, milli: number][]
  }
  audience: number
  /** Distinct accounts of the last minute, at most 64. */
  actors: number
  /** Points issued in this live. */
  issued: number
  safe: boolean
  /** The pulse had been applied before; this is how the room stands. */
  repeated: boolean
  /** First 10 places, for a host 50; absent where unchanged. */
  board?: BoardLine[]
  /** After the cursor, oldest first, at most the newest 60. */
  comments: CommentLine[]
  tasks: TaskView[]
  campaigns: CampaignView[]
  /** After the cursor, in order, at most 100; absent where some are gone and sockets must take the room anew. */
  moments?: Moment[]
  /** Only where asked for. */
  cues?: Cue[]
  /** For the next pulse. */
  cursor: RoomCursor
}
