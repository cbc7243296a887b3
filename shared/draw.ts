/**
 * How a draw is decided, so that anybody can check it afterwards. Before the first ticket the service publishes
 * `commitmentOf(seed)`; when the draw is over it publishes the seed. Nothing but the seed and the tickets counts:
 * neither their order nor anybody's clock.
 *
 * - A draw: each ticket is worth `ticketHash`; the tickets are ordered by it, and the prizes go down that order.
 * - A blind box: box number n contains what `boxOf` says; its number is given when it is bought.
 */

import type { Colour, Entrance } from './looks.ts'
import type { Label } from './rulebook/schema.ts'
import { sha256Hex } from './sha256.ts'

/** Seeds are 32 random bytes as lowercase hex. */
export const SEED_PATTERN = /^[0-9a-f]{64}$/

/** Odds are parts of this. */
export const ODDS_WHOLE = 10_000

/** An effect for some days. */
export type PrizeEffect = { colour: Colour; days: number } | { entrance: Entrance; days: number }

export interface DrawPrize {
  /** Points that are paid at once; 0 where the prize is something else. */
  points: number
  /** What the winner is told; empty where the service itself gives the prize. */
  voucher: string
  /** How a reward or an effect is called. */
  title?: Label
  /** Taken from the stock of the catalogue when it is won; where none is left, so many points are paid instead. */
  reward?: { id: string; points: number }
  effect?: PrizeEffect
  /** Draws: how many win it. */
  winners?: number
  /** Blind boxes: in so many of 10,000 boxes. */
  odds?: number
}

/** Tickets that one viewer got at once: numbers `first` to `first + count - 1`. */
export interface DrawEntry {
  handle: string
  /** Of a draw: the viewer's own tickets, counted from 1. Of blind boxes: the boxes, counted from 1. */
  first: number
  count: number
}

export interface Win {
  handle: string
  /** The ticket or box. */
  ticket: number
  /** Index into the prizes. */
  prize: number
}

export const commitmentOf = (seed: string): string => sha256Hex(seed)

/** What a ticket is worth: `printf '%s' 'SEED:DRAW:HANDLE:TICKET' | sha256sum`. The smallest wins. */
export const ticketHash = (
  seed: string,
  of: { draw: string; handle: string; ticket: number },
): string => sha256Hex(`${seed}:${of.draw}:${of.handle}:${of.ticket}`)

/**
 * Who wins what in a draw. A viewer wins at most once: after a win their other tickets are passed over.
 * The order of `entries` does not matter.
 */
export function winnersOf(
  seed: string,
  of: { draw: string; entries: readonly DrawEntry[]; prizes: readonly DrawPrize[] },
): Win[] {
  const tickets = of.entries.flatMap(({ handle, first, count }) =>
    Array.from({ length: count }, (_, i) => ({ handle, ticket: first + i })),
  )
  const ordered = tickets
    .map((ticket) => ({ ...ticket, hash: ticketHash(seed, { draw: of.draw, ...ticket }) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0))
  const places = of.prizes.flatMap(({ winners = 0 }, prize) =>
    Array.from({ length: winners }, () => prize),
  )
  const won = new Set<string>()
  const wins: Win[] = []
  for (const { handle, ticket } of ordered) {
    const prize = places[wins.length]
    if (prize === undefined) break
    if (won.has(handle)) continue
    won.add(handle)
    wins.push({ handle, ticket, prize })
  }
  return wins
}

/** 48 bits of a hash: exact in JavaScript, and far finer than odds are. */
const POINT_HEX = 12

/**
 * What is in a box: index into the prizes, or undefined for nothing. Its first 48 bits as a part of the whole
 * fall into the prizes' odds, one behind the other.
 */
export function boxOf(
  seed: string,
  of: { draw: string; box: number; prizes: readonly DrawPrize[] },
): number | undefined {
  const hash = sha256Hex(`${seed}:${of.draw}:${of.box}`)
  const part = Number.parseInt(hash.slice(0, POINT_HEX), 16) / 2 ** 48
  let upTo = 0
  for (const [prize, { odds = 0 }] of of.prizes.entries()) {
    upTo += odds
    if (part * ODDS_WHOLE < upTo) return prize
  }
  return undefined
}

/** What boxes contained: every box that holds a prize. */
export function boxesWon(
  seed: string,
  of: { draw: string; entries: readonly DrawEntry[]; prizes: readonly DrawPrize[] },
): Win[] {
  const wins: Win[] = []
  for (const { handle, first, count } of of.entries) {
    for (let box = first; box < first + count; box++) {
      const prize = boxOf(seed, { draw: of.draw, box, prizes: of.prizes })
      if (prize !== undefined) wins.push({ handle, ticket: box, prize })
    }
  }
  return wins
}

/** Everything needed to check a draw that is over; `GET /v1/draws/{id}/proof` answers it. */
export interface DrawProof {
  /** `ROOM.NUMBER`. */
  draw: string
  box: boolean
  commitment: string
  seed: string
  prizes: DrawPrize[]
  entries: DrawEntry[]
  wins: Win[]
}

const textOf = (win: Win): string => `${win.prize} ${win.ticket} ${win.handle}`

/** True where the seed is the one committed to, no ticket counts twice, and exactly the right ones won. */
export function verifyDraw(proof: DrawProof): boolean {
  if (!SEED_PATTERN.test(proof.seed) || commitmentOf(proof.seed) !== proof.commitment) return false
  const seen = new Set<string>()
  for (const { handle, first, count } of proof.entries) {
    for (let ticket = first; ticket < first + count; ticket++) {
      const name = proof.box ? `${ticket}` : `${handle}:${ticket}`
      if (seen.has(name)) return false
      seen.add(name)
    }
  }
  const wins = (proof.box ? boxesWon : winnersOf)(proof.seed, proof).map(textOf).sort()
  const told = proof.wins.map(textOf).sort()
  return wins.length === told.length && wins.every((win, i) => win === told[i])
}
