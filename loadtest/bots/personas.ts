/** Kinds of viewers: what each does how often. Pure data and pure choices. */

import { pick } from './lines.ts'

export type Habit = 'like' | 'comment' | 'share'

/** From and to, ms. */
type Span = readonly [number, number]

export interface Persona {
  name: string
  /** Share of the crowd. */
  weight: number
  /** Time between two of them. A habit that is missing is never shown. */
  habits: Partial<Record<Habit, Span>>
  /** Taps in one go. */
  taps: Span
  /** How likely it joins in when a task asks for one of its actions, and how long it needs. */
  eager: number
  /** How long it stays, and how long it is away. */
  stays: Span
  away: Span
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const STAYS: Span = [3 * MINUTE, 30 * MINUTE]
const AWAY: Span = [5 * SECOND, 2 * MINUTE]

export const PERSONAS: readonly Persona[] = [
  {
    name: 'liker',
    weight: 30,
    habits: { like: [1 * SECOND, 6 * SECOND], comment: [60 * SECOND, 4 * MINUTE] },
    taps: [2, 14],
    eager: 0.8,
    stays: STAYS,
    away: AWAY,
  },
  {
    name: 'chatterbox',
    weight: 20,
    habits: { comment: [8 * SECOND, 40 * SECOND], like: [8 * SECOND, 30 * SECOND] },
    taps: [1, 5],
    eager: 0.6,
    stays: STAYS,
    away: AWAY,
  },
  {
    name: 'lurker',
    weight: 25,
    habits: { like: [1 * MINUTE, 4 * MINUTE] },
    taps: [1, 3],
    eager: 0.1,
    stays: [1 * MINUTE, 10 * MINUTE],
    away: AWAY,
  },
  {
    name: 'sharer',
    weight: 10,
    habits: { share: [30 * SECOND, 4 * MINUTE], like: [4 * SECOND, 20 * SECOND] },
    taps: [1, 6],
    eager: 0.9,
    stays: STAYS,
    away: AWAY,
  },
  {
    name: 'watcher',
    weight: 15,
    habits: { comment: [90 * SECOND, 5 * MINUTE], like: [20 * SECOND, 90 * SECOND] },
    taps: [1, 4],
    eager: 0.4,
    stays: [15 * MINUTE, 60 * MINUTE],
    away: AWAY,
  },
]

type Random = () => number

export const between = (random: Random, [from, to]: Span): number => from + random() * (to - from)

const WEIGHED = PERSONAS.flatMap((persona) => Array.from({ length: persona.weight }, () => persona))

export const personaOf = (random: Random): Persona => pick(random, WEIGHED)
