/** Weekly boards as viewers, hosts and operators see them. */

import type { RedemptionState } from './rewards.ts'
import type { Label } from './rulebook/parts.ts'

export interface BoardPlace {
  /** 1 is the first. */
  rank: number
  handle: string
  name: string
  rung: number
  /** Earned in the week, less what was taken back. */
  points: number
  /** Points that the place is given, or was. */
  prize?: number
  /** It wears the badge, or will. */
  star?: true
}

export interface WeekBoard {
  id: string
  title: Label
  /** The Monday, `2026-11-23`. */
  week: string
  startsAtMs: number
  endsAtMs: number
  /** It is over: places and prizes stand. */
  closed?: true
  /** Points below which nobody has a place. */
  least: number
  /** Points for the first, the second and so on. */
  prizes: number[]
  star?: { title: Label; places: number; days: number }
  /** Accounts that earned anything; of a partition those that are counted. */
  people: number
  places: BoardPlace[]
}

/** What somebody redeemed in a room. */
export interface RoomRedemption {
  atMs: number
  /** The first letter alone. */
  name: string
  title: Label
  points: number
  cashFen: number
  state: RedemptionState
}

export interface RoomRedemptions {
  ok: true
  /** Newest first. */
  redemptions: RoomRedemption[]
  /** `before` of the next page. */
  next?: string
}

/** The boards of the running week, and where the viewer stands on each. */
export interface WeekBoards {
  ok: true
  atMs: number
  boards: { board: WeekBoard; own?: OwnPlace }[]
}

/** Where one viewer stands in the running week. */
export interface OwnPlace {
  points: number
  /** Missing below the least points, and of an account that is frozen. */
  rank?: number
  /** Points that are missing to the next better place. */
  toNext?: number
  /** Points that are missing to the last place with a prize. */
  toPrize?: number
}

/** Points that somebody with `mine` needs to stand at `rank`: of equals who got there first is before. */
function toReach(board: WeekBoard, rank: number, mine: number): number {
  const there = board.places[rank - 1]
  return Math.max(there ? there.points + 1 : board.least, board.least) - mine
}

/** What is missing to the place before and to the prizes; `rank` where the viewer has one. */
export function ownPlace(board: WeekBoard, points: number, rank?: number): OwnPlace {
  const shown = board.places.length
  const next = rank === undefined || rank > shown ? shown : rank - 1
  const prized = board.prizes.filter((prize) => prize > 0).length
  const last = Math.min(prized, Math.max(shown, 1))
  const isPaid = rank !== undefined && rank <= prized
  return {
    points,
    ...(rank !== undefined && { rank }),
    ...(rank !== 1 && { toNext: Math.max(1, toReach(board, Math.max(1, next), points)) }),
    ...(prized > 0 &&
      !isPaid && {
        toPrize: Math.max(1, shown < prized ? board.least - points : toReach(board, last, points)),
      }),
  }
}
