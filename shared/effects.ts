/** What points buy for the moment: what a viewer owns, what runs in the room, and how both look on the wire. */

import type { DrawPrize } from './draw.ts'
import type { Refusal } from './errors.ts'
import { COLOURS, type Colour, ENTRANCES, type Entrance } from './looks.ts'
import type { Label } from './rulebook/schema.ts'

export { COLOURS, type Colour, ENTRANCES, type Entrance }

/** What can be bought with one command; draws and votes have their own. */
export const BUYABLE = ['broadcast', 'colour', 'entrance', 'tip', 'boost'] as const
export type Buyable = (typeof BUYABLE)[number]

/** One thing owned: the stronger of what was bought and what the tier gives. */
export interface Owned<T extends string> {
  value: T
  by: 'bought' | 'tier'
  /** Bought ones only. */
  untilMs?: number
}

export interface Ownership {
  colour?: Owned<Colour>
  entrance?: Owned<Entrance>
}

/** What became of a broadcast: only `shown` costs points. */
export type BroadcastState = 'waiting' | 'shown' | 'rejected' | 'lapsed'

/** A broadcast that waits for the host's word. */
export interface BroadcastAsk {
  id: string
  handle: string
  name: string
  rung: number
  text: string
  points: number
  askedAtMs: number
  /** After that the points go back. */
  untilMs: number
}

/** What every kind of game has. */
export interface GameView {
  /** Within the room. */
  title: Label
  /** Points of a ticket or vote beyond the free one. */
  points: number
  /** Most bought tickets or votes of one viewer. */
  perViewer: number
  opensAtMs: number
  endsAtMs: number
  state: 'open' | 'closing' | 'closed'
}

export interface DrawView extends GameView {
  draw: number
  /** A blind box tells at once what is in it; a draw when it closes. */
  box: boolean
  prizes: DrawPrize[]
  /** Most tickets in all; nobody gets more, free ones included. */
  total: number
  /** Tickets that are out. */
  tickets: number
  /** Only for this rung of the ladder and above. */
  rung?: number
  /** SHA-256 of the seed. */
  commitment: string
  /** Once it is closed. */
  seed?: string
}

export interface VoteView extends GameView {
  vote: number
  options: { label: Label; votes: number }[]
}

/** A game with the viewer's own part in it. */
export interface Mine {
  /** Bought tickets or votes so far. */
  bought: number
  /** All of them, free ones included. */
  count: number
  /** The free one of today is still there. */
  free: boolean
}

/** A reward that the host may give as a prize. */
export interface PrizeOffer {
  reward: string
  title: Label
  /** What it costs as a reward; it counts so much against what a draw may pay. */
  points: number
  /** Absent where there is no end to them. */
  left?: number
}

export interface Winner {
  handle: string
  name: string
  prize: DrawPrize
}

export interface Offers {
  broadcast?: { points: number; chars: number; waitSec: number }
  colours: { colour: Colour; points: number; days: number }[]
  entrances: { entrance: Entrance; points: number; days: number }[]
  tip?: { amounts: number[]; policy: 'burnForEffect' | 'hostBucket'; hostShare: number }
  /** The next rung until midnight; absent at the top or while one runs. */
  boost?: { points: number; rung: number }
}

export interface EffectsView {
  ok: true
  offers: Offers
  owned: Ownership
  /** `won`: indexes of the prizes the viewer won, once it is closed. `tier`: what the viewer lacks to take part. */
  draws: (DrawView & { mine: Mine; won: number[]; tier?: NonNullable<Refusal['tier']> })[]
  votes: (VoteView & { mine: Mine })[]
  /** Of the broadcast that was asked about. */
  broadcast?: BroadcastState
}

/** What the host sees of all this. */
export interface HostPlay {
  asks: BroadcastAsk[]
  draws: DrawView[]
  votes: VoteView[]
  /** Points of tips in this room, ever: all, to the host, and burned. */
  tips: { given: number; toHost: number; burned: number }
}

const strength = <T extends string>(scale: readonly T[], owned: Owned<T> | undefined): number =>
  owned ? scale.indexOf(owned.value) : -1

/** The stronger of two; of two alike the one that lasts longer, and what a tier gives lasts. */
export function stronger<T extends string>(
  scale: readonly T[],
  a: Owned<T> | undefined,
  b: Owned<T> | undefined,
): Owned<T> | undefined {
  const by = strength(scale, a) - strength(scale, b)
  if (by !== 0) return by > 0 ? a : b
  return (a?.untilMs ?? Number.POSITIVE_INFINITY) >= (b?.untilMs ?? Number.POSITIVE_INFINITY)
    ? a
    : b
}
