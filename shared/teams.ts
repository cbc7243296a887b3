/** Team tasks as viewers see them. No zod: the overlay reads it. */

import type { Label } from './rulebook/parts.ts'

/** What members do together. */
export const TEAM_ACTIONS = ['watch', 'comment', 'like', 'share'] as const
export type TeamAction = (typeof TEAM_ACTIONS)[number]

/** Codes have no letters that are read for others; a team is found by nothing else. */
export const TEAM_CODE_CHARS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
export const TEAM_CODE_LENGTH = 10
export const TEAM_CODE_PATTERN = new RegExp(`^[${TEAM_CODE_CHARS}]{${TEAM_CODE_LENGTH}}$`)

/** What somebody typed or pasted, as codes are written; undefined where it is none. */
export function teamCodeOf(text: string): string | undefined {
  const code = text.toUpperCase().replace(/[\s-]/g, '')
  return TEAM_CODE_PATTERN.test(code) ? code : undefined
}

export interface TeamMemberView {
  name: string
  /** The viewer who asks. */
  you?: true
  /** In units of the target; whole minutes of watching. */
  part: number
  /** Points that were paid. */
  paid?: number
}

export interface TeamView {
  code: string
  /** What all parts make together, up to the target. */
  sum: number
  /** The target is reached by enough members; who has contributed enough is paid. */
  reached?: true
  members: TeamMemberView[]
}

/** What a team is to reach, and what that gives. */
export interface TeamGoal {
  title: Label
  action: TeamAction
  /** What all members reach together: minutes of watching (the server counts its seconds), otherwise times. */
  target: number
  /** Most that one member contributes. */
  most: number
  /** Who has contributed less is not paid. */
  least: number
  /** Members that a team needs, and may have. */
  min: number
  max: number
  /** For each member who is paid. */
  points: number
}

/** A task of the rulebook in the day, week or window that runs, and the viewer's team in it. */
export interface TeamTaskView extends TeamGoal {
  id: string
  endsAtMs: number
  /** Nothing is left of the budget for another team. */
  full?: true
  team?: TeamView
}

export interface TeamsRead {
  ok: true
  atMs: number
  tasks: TeamTaskView[]
}

/** What a payment says of the team: which task, and what the member and all of them did. */
export interface TeamSubject {
  task: string
  action: TeamAction
  part: number
  sum: number
  members: number
}

export const teamSubject = ({ task, action, part, sum, members }: TeamSubject): string =>
  `team ${task} ${action} ${part} ${sum} ${members}`

/** Undefined where it is of no team. */
export function readTeamSubject(subject: string): TeamSubject | undefined {
  const [kind, task = '', action, part, sum, members] = subject.split(' ')
  const known = TEAM_ACTIONS.find((one) => one === action)
  if (kind !== 'team' || !known) return undefined
  return { task, action: known, part: Number(part), sum: Number(sum), members: Number(members) }
}
