/** What a load plan is: data that says who comes, when, and what they do; both runners play the same one. */

import type { CommandName, Commands } from '../../shared/protocol/index.ts'

type ScoredCommand = {
  [N in CommandName]: Commands[N]['scored'] extends true ? N : never
}[CommandName]

/** Commands whose rate a plan chooses; beats come by themselves, as the server asks for them. */
export type PlannedCommand = Exclude<ScoredCommand, 'watch.beat'>

/** Of one viewer. Gaps vary between half and one and a half of the mean. */
export interface Rate {
  perMinute: number
  /** Likes only: taps each time, least and most. */
  taps?: readonly [number, number]
}

export interface Phase {
  name: string
  ms: number
  rates: Partial<Record<PlannedCommand, Rate>>
  /** Share of the viewers, 0 to 1, whose sockets are cut at its beginning; each comes back by itself. */
  cut?: number
}

export interface Plan {
  name: string
  form: Form
  /** The same seed makes the same viewers; the network decides the rest. */
  seed: number
  viewers: number
  /** Viewers come one after the other, evenly, within this time. Phases begin with the first of them. */
  arriveMs: number
  phases: readonly Phase[]
}

/** `short` shows that everything works, in seconds; `long` measures. */
export type Form = 'short' | 'long'

export interface Scenario {
  name: string
  what: string
  forms: Record<Form, Omit<Plan, 'name' | 'form' | 'seed'>>
}

/** After the last phase a viewer waits this long for answers before it leaves with commands open. */
export const SETTLE_MS = 6000

export const planMs = ({ phases }: Pick<Plan, 'phases'>): number =>
  phases.reduce((sum, { ms }) => sum + ms, 0)
