/** The clubs of an account as Redis has them: the number of their change first, then everything in a fixed order. */

import { must, Packer, Unpacker } from '../kernel/index.ts'
import type { Derived } from '../redis/index.ts'

const LAYOUT = 1
/** Most records are no longer. */
const RECORD_BYTES = 128
/** `merged`: the account became one with another, which is the member now. */
export const STATES = ['in', 'left', 'merged'] as const
export type MemberState = (typeof STATES)[number]

/** How far a member is in a task of the club. */
export interface TaskRow {
  task: number
  /** Seconds of watching, otherwise times. */
  done: number
  reached: boolean
}

/** One account in one club. */
export interface Member {
  /** Number of the host, as lots name it. */
  club: number
  state: MemberState
  /** When it joined last; what happened before does not count. */
  sinceMs: number
  /** In thousandths; never less than it was. */
  milli: number
  /** Highest reached, counted from 0. */
  rung: number
  /** Seconds watched that make no whole unit yet. */
  watchedSec: number
  /** Day of the platform, and what came on it, in thousandths. */
  day: number
  dayMilli: number
  /** Hold that paid for joining; empty where it was free. */
  paidBy: string
  tasks: readonly TaskRow[]
}

export interface Membership {
  /** Accounts that became one with this one. */
  merged: readonly number[]
  /** Holds under which nobody joins any more. */
  forsaken: readonly string[]
  clubs: readonly Member[]
}

export const NO_MEMBERSHIP: Membership = { merged: [], forsaken: [], clubs: [] }

export function packMember(into: Packer, one: Member): void {
  into.u16(one.club).u8(STATES.indexOf(one.state)).u48(one.sinceMs).u48(one.milli).u8(one.rung)
  into.u16(one.watchedSec).u16(one.day).u48(one.dayMilli).text(one.paidBy).u8(one.tasks.length)
  for (const { task, done, reached } of one.tasks)
    into
      .u32(task)
      .u32(done)
      .u8(reached ? 1 : 0)
}

export const readMember = (from: Unpacker): Member => ({
  club: from.u16(),
  state: must(STATES[from.u8()], 'a state of a member'),
  sinceMs: from.u48(),
  milli: from.u48(),
  rung: from.u8(),
  watchedSec: from.u16(),
  day: from.u16(),
  dayMilli: from.u48(),
  paidBy: from.text(),
  tasks: Array.from({ length: from.u8() }, () => ({
    task: from.u32(),
    done: from.u32(),
    reached: from.u8() === 1,
  })),
})

export function packMembership({ merged, forsaken, clubs }: Membership, rev: number): Buffer {
  const into = new Packer(RECORD_BYTES).u32(rev).u8(LAYOUT)
  into.u8(merged.length)
  for (const account of merged) into.u48(account)
  into.u8(forsaken.length)
  for (const id of forsaken) into.text(id)
  into.u8(clubs.length)
  for (const one of [...clubs].sort((a, b) => a.club - b.club)) packMember(into, one)
  return into.bytes()
}

/** Throws on a layout that this release does not know. */
export function readMembership(bytes: Buffer): Derived<Membership> {
  const from = new Unpacker(bytes)
  const rev = from.u32()
  const layout = from.u8()
  if (layout !== LAYOUT) throw new Error(`clubs of layout ${layout}`)
  return {
    rev,
    value: {
      merged: Array.from({ length: from.u8() }, () => from.u48()),
      forsaken: Array.from({ length: from.u8() }, () => from.text()),
      clubs: Array.from({ length: from.u8() }, () => readMember(from)),
    },
  }
}
