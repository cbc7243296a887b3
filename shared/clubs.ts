/** Fan clubs as viewers, hosts and operators see them. No zod: the overlay reads it. */

import type { Label } from './rulebook/parts.ts'

/** Watching counts for the club each time so many minutes of the host's lives have come together. */
export const CLUB_WATCH_MINUTES = 10
/** What counts for the club, and what its tasks may ask for. */
export const CLUB_ACTIONS = ['watch', 'comment', 'like', 'share', 'order'] as const
export type ClubAction = (typeof CLUB_ACTIONS)[number]

export interface ClubRungView {
  label: Label
  /** Club growth at which it is reached. */
  growth: number
  /** Growth on the ladder of the platform, once, when it is reached. */
  platformGrowth: number
}

/** What a host asks of the members of the own club. */
export interface ClubTaskView {
  task: number
  action: ClubAction
  /** Minutes of watching, otherwise times. */
  goal: number
  points: number
  /** So many members are paid, the first who reach it. */
  places: number
  left: number
  startsAtMs: number
  endsAtMs: number
}

/** `paying`: reached, and the place is being asked for. `full`: reached when all places were taken. */
export type ClubTaskState = 'open' | 'paying' | 'paid' | 'full'

export interface OwnClubTask extends ClubTaskView {
  /** In units of the goal; whole minutes of watching. */
  progress: number
  state: ClubTaskState
}

export interface OwnClub {
  growth: number
  /** Counted from 0. */
  rung: number
  /** Club growth of today. */
  today: number
  sinceMs: number
}

export interface ClubView {
  rungs: ClubRungView[]
  perDay: number
  /** What joining costs the viewer now. */
  joinPoints: number
  /** Missing where the viewer is no member. */
  own?: OwnClub
  /** Clubs that the viewer may still join. */
  free: number
  /** Those that run. */
  tasks: OwnClubTask[]
}

/** The club of the room's host; without one where the rulebook has none. */
export interface ClubRead {
  ok: true
  atMs: number
  club?: ClubView
}

export interface DeskClubTask extends ClubTaskView {
  /** It is over. */
  ended?: true
}

/** What a host sees of the own club. */
export interface ClubDesk {
  members: number
  /** Members on each rung, from the lowest. */
  byRung: { label: Label; members: number }[]
  /** Points that tasks written today may still promise. */
  pointsLeft: number
  /** Running ones first, then those of the last days. */
  tasks: DeskClubTask[]
}

export interface ClubDeskRead {
  ok: true
  atMs: number
  club?: ClubDesk
}

/** Of a rung of a club, as journals name it. */
export const clubSubject = (of: { club: number; rung: string; growth: number }): string =>
  `club ${of.club} ${of.rung} ${of.growth}`

/** Growth on the platform that such a rung brought. */
export const clubGrowthOf = (subject: string): number => Number(subject.split(' ')[3] ?? 0)
