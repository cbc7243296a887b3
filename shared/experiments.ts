/** Experiments as operators see them. Free of zod, for the console. */

import type { Unit, VariantChange } from './rulebook/variant.ts'

/** What is counted of each account while an experiment runs, in the order of the stored numbers. */
export const STUDIED = [
  'issued',
  'spent',
  'expired',
  'net',
  'salesFen',
  'watchedSec',
  'tierUps',
  'acts',
  'refused',
] as const
export type Studied = (typeof STUDIED)[number]

/** What an experiment is decided by, and whether more of it is better. */
export const GOALS = {
  costShare: 'less',
  inflation: 'less',
  sales: 'more',
  watched: 'more',
  tierUps: 'more',
  acts: 'more',
} as const
export type Goal = keyof typeof GOALS

/** Why an arm or a whole experiment is over. */
export const ENDINGS = [
  'time',
  'operator',
  'cost',
  'inflation',
  'refused',
  'brownout',
  'rulebook',
] as const
export type Ending = (typeof ENDINGS)[number]

export interface Ended {
  /** Unix ms. */
  atMs: number
  why: Ending
  /** Who, where it was a person. */
  by?: string | undefined
}

/** Limits at which an arm ends by itself; one that is not there does not bind. */
export interface Guards {
  /** Cost of its points, in thousandths of its sales. */
  costMille?: number | undefined
  /** Growth of the points of its accounts since the beginning, in thousandths. */
  inflationMille?: number | undefined
  /** Of what its viewers did, in thousandths, what a cap refused. */
  refusedMille?: number | undefined
  /** Viewers of an arm before its guards look. */
  fromViewers: number
}

export interface Arm {
  id: string
  name: string
  /** Of all accounts, in thousandths; 0 in a pilot. */
  share: number
  changes: VariantChange[]
  /** The version of the rulebook that it plays by, once it was started. */
  version?: number | undefined
  stopped?: Ended | undefined
}

/** Rooms of a pilot: all of these kinds, and these. */
export interface Where {
  profiles: string[]
  rooms: string[]
}

export interface Experiment {
  id: string
  name: string
  unit: Unit
  goal: Goal
  arms: Arm[]
  /** Share of the accounts that are compared with, and play as everybody does. */
  control: number
  /** Share of the accounts that no experiment touches; the same ones for each. */
  holdout: number
  where?: Where | undefined
  days: number
  guards: Guards
  /** Ended is `done` once every figure was counted. */
  state: 'planned' | 'running' | 'ended' | 'done'
  createdBy: string
  createdAtMs: number
  /** The version it compares with. */
  base?: number | undefined
  startedBy?: string | undefined
  startsAtMs?: number | undefined
  endsAtMs?: number | undefined
  ended?: Ended | undefined
  /** How a pilot was widened. */
  steps: (Where & { atMs: number; by: string })[]
}

/** The name of those who play by the base and are compared with. */
export const CONTROL = 'control'

/** A figure with how sure it is; without an interval there is not enough to say. */
export interface Estimate {
  value: number
  /** Difference to the control, and between which it lies in 19 of 20 such experiments. */
  difference?: number
  low?: number
  high?: number
}

export interface ArmFigures {
  id: string
  viewers: number
  /** Viewers who did something beside watching. */
  active: number
  sums: Record<Studied, number>
  /** Hundredths of a yuan. */
  costFen: number
  /** Per viewer, or a share where it is one; absent where nothing is known yet. */
  estimates: Partial<Record<Goal, Estimate>>
}

/**
 * `early`: ended before its time, so nobody has won. `few`: too few viewers to say. `pilot`: its rooms were not drawn by
 * lot, so what differs there may have other reasons.
 */
export type Verdict = 'waits' | 'early' | 'pilot' | 'few' | 'even' | 'better' | 'worse'

export interface Results {
  /** Unix ms: when it was counted. */
  atMs: number
  /** More accounts came than are studied; the first ones are, in every arm alike. */
  full: boolean
  arms: ArmFigures[]
  /** Of each arm by the goal of the experiment. */
  verdicts: Record<string, Verdict>
}
