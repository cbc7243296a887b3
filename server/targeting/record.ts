/** Records of behaviour as Redis has them: the number of their change first, then everything in a fixed order. */

import {
  type Behaviour,
  HOURS,
  type OfferState,
  type PackState,
  type Preferred,
} from '../../shared/behaviour.ts'
import { must, Packer, Unpacker } from '../kernel/index.ts'
import type { Derived } from '../redis/index.ts'

const LAYOUT = 1
const OFFER_STATES = ['open', 'done', 'over'] as const satisfies OfferState['state'][]

function packList<T>(into: Packer, all: readonly T[], pack: (one: T) => void): void {
  into.u8(all.length)
  for (const one of all) pack(one)
}

function readList<T>(from: Unpacker, read: () => T): T[] {
  return Array.from({ length: from.u8() }, read)
}

/** `rev` counts the changes of the record, from 1. */
export function packBehaviour(of: Behaviour, rev: number): Buffer {
  const into = new Packer().u32(rev).u8(LAYOUT)
  into.u16(of.firstDay).u16(of.lastDay).u32(of.watchedSec).u32(of.lives).u32(of.comments)
  into.u32(of.shares).u32(of.browses).u32(of.orders).u48(of.spentFen).u8(of.rung)
  packList(into, of.days, (one) => into.u16(one.day).u32(one.watchedSec).u8(one.acts))
  for (const sec of of.hours) into.u32(sec)
  const place = ({ id, watchedSec }: Preferred) => void into.text(id).u32(watchedSec)
  packList(into, of.rooms, place)
  packList(into, of.kinds, place)
  const { visit } = of
  into.u32(visit.live).text(visit.room).u32(visit.watchedSec).u32(visit.done).u32(visit.browsed)
  packList(into, of.segments, (one) => into.text(one.id).u16(one.sinceDay))
  packList(into, of.offers, (one) =>
    into.text(one.id).u8(OFFER_STATES.indexOf(one.state)).u32(one.live).u48(one.untilMs),
  )
  packList(into, of.packs, (one) =>
    into
      .text(one.segment)
      .u16(one.day)
      .u8(one.given ? 1 : 0),
  )
  packList(into, of.joined, (account) => into.u48(account))
  return into.bytes()
}

/** Throws where it is damaged, or of a layout that this release does not know. */
export function readBehaviour(bytes: Buffer): Derived<Behaviour> {
  const from = new Unpacker(bytes)
  const rev = from.u32()
  const layout = from.u8()
  if (layout !== LAYOUT) throw new Error(`a record of behaviour of unknown layout ${layout}`)
  const place = (): Preferred => ({ id: from.text(), watchedSec: from.u32() })
  const value: Behaviour = {
    firstDay: from.u16(),
    lastDay: from.u16(),
    watchedSec: from.u32(),
    lives: from.u32(),
    comments: from.u32(),
    shares: from.u32(),
    browses: from.u32(),
    orders: from.u32(),
    spentFen: from.u48(),
    rung: from.u8(),
    days: readList(from, () => ({ day: from.u16(), watchedSec: from.u32(), acts: from.u8() })),
    hours: Array.from({ length: HOURS }, () => from.u32()),
    rooms: readList(from, place),
    kinds: readList(from, place),
    visit: {
      live: from.u32(),
      room: from.text(),
      watchedSec: from.u32(),
      done: from.u32(),
      browsed: from.u32(),
    },
    segments: readList(from, () => ({ id: from.text(), sinceDay: from.u16() })),
    offers: readList(from, () => ({
      id: from.text(),
      state: must(OFFER_STATES[from.u8()], 'a state of an offer'),
      live: from.u32(),
      untilMs: from.u48(),
    })),
    packs: readList(
      from,
      (): PackState => ({ segment: from.text(), day: from.u16(), given: from.u8() === 1 }),
    ),
    joined: readList(from, () => from.u48()),
  }
  return { rev, value }
}
