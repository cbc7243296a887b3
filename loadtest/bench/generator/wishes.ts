/** What a generator can be asked for. Every wish is bounded in number and time. */

import type { SpeechName } from './speech.ts'

export interface OpenWish {
  port: number
  speech: SpeechName
  /** One per viewer; empty texts where the server wants none. */
  tickets: readonly string[]
  /** Connections that are being made at once. */
  atOnce: number
  msMax: number
}

export interface BurstWish {
  /** Per viewer: one after another, the next when the one before was answered. */
  turns: number
  /** Events of a turn, in one write; the last one asks for the answer. */
  eventsPerTurn: number
  /** What an event counts as: a client that merges sends one for several taps. */
  count: number
  msMax: number
}
export interface Burst {
  turns: number
  refused: number
  /** Viewers that were not done in time. */
  late: number
  ms: number
}

export interface PaceWish {
  tapsPerSec: number
  ms: number
  /** Taps of a viewer within this are one command, as the client merges them; 0: each tap is one. */
  mergeMs: number
  /** Answers are waited for this long after the last tap. */
  drainMs: number
}
export interface Pace {
  taps: number
  commands: number
  /** Taken in the end. */
  answered: number
  /** Answers that said no; such a command was sent again. */
  refusals: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** 99 % of all taps were made at most so long after they were due; the generator's own delay, which no latency includes. */
  lateMs: number
  /** By index of the viewer: points of all receipts, and the balance shown last; -1 where that is not known. */
  earned: number[]
  shown: number[]
}

export interface Listened {
  /** Over all viewers. */
  frames: number
  bytes: number
}

export interface Wishes {
  open: { wish: OpenWish; answer: { ms: number } }
  burst: { wish: BurstWish; answer: Burst }
  pace: { wish: PaceWish; answer: Pace }
  listen: { wish: { ms: number }; answer: Listened }
  close: { wish: object; answer: object }
}
export type WishName = keyof Wishes

export type Asked = { [N in WishName]: { name: N; wish: Wishes[N]['wish'] } }[WishName]
export type Answered = { answer: unknown } | { fault: string }
