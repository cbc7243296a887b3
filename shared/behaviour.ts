/** What is remembered of how an account behaves: small, bounded, and joined when two accounts become one. Pure. */

import { ACTIONS, type Action } from './receipt.ts'
import type { Figures } from './rulebook/targeting.ts'

/** Days of which activity is kept one by one. */
export const DAYS_KEPT = 28
/** Of these, the newer half is held against the older one. */
export const PERIOD_DAYS = 14
/** Acts of a day beyond these say nothing new, so that one more like changes nothing. */
export const ACTS_MAX = 20
export const PLACES_MAX = 4
export const JOINED_MAX = 8
/** What is remembered of offers and packs, also of such as a later rulebook has no more; the oldest go. */
export const OFFER_STATES_MAX = 20
export const PACK_STATES_MAX = 20
export const HOURS = 24
/** Watching of an hour of the day is kept in minutes; where one reaches this, all are halved. */
const HOUR_MINUTES_MAX = 60_000
const COUNT_MAX = 4_000_000_000
const MARATHON_SEC = 16 * 3600
const MARATHON_DAYS = 7
const FEN_PER_YUAN = 100

export interface ActiveDay {
  day: number
  watchedSec: number
  /** Other than watching, up to `ACTS_MAX`. */
  acts: number
}

export interface Preferred {
  id: string
  watchedSec: number
}

export interface OfferState {
  id: string
  state: 'open' | 'done' | 'over'
  live: number
  untilMs: number
}

export interface PackState {
  segment: string
  /** On which it was promised. */
  day: number
  given: boolean
}

export interface Behaviour {
  /** Days since 1970 of the platform's zone. */
  firstDay: number
  lastDay: number
  watchedSec: number
  lives: number
  comments: number
  shares: number
  browses: number
  orders: number
  spentFen: number
  rung: number
  /** Oldest first. */
  days: readonly ActiveDay[]
  /** Seconds watched by hour of the day. */
  hours: readonly number[]
  rooms: readonly Preferred[]
  kinds: readonly Preferred[]
  visit: {
    live: number
    room: string
    watchedSec: number
    /** Bits of `ACTIONS`. */
    done: number
    browsed: number
  }
  segments: readonly { id: string; sinceDay: number }[]
  offers: readonly OfferState[]
  packs: readonly PackState[]
  /** Accounts whose records went into this one. */
  joined: readonly number[]
}

export const newBehaviour = (day: number): Behaviour => ({
  firstDay: day,
  lastDay: day,
  watchedSec: 0,
  lives: 0,
  comments: 0,
  shares: 0,
  browses: 0,
  orders: 0,
  spentFen: 0,
  rung: 0,
  days: [],
  hours: Array.from({ length: HOURS }, () => 0),
  rooms: [],
  kinds: [],
  visit: { live: 0, room: '', watchedSec: 0, done: 0, browsed: 0 },
  segments: [],
  offers: [],
  packs: [],
  joined: [],
})

/** What one entry of the journal says that somebody did. */
export interface Seen {
  atMs: number
  day: number
  /** 0 to 23, of the platform's zone. */
  hour: number
  /** 0 outside any live. */
  live: number
  room: string
  /** Kind of the room, as its profile says; empty where it has none. */
  kind: string
  /** A client began to watch: another device, or the page anew. */
  started: boolean
  watchedSec: number
  acts: Partial<Record<Action, number>>
  spentFen: number
  rung?: number
}

/** Nothing but likes: most of what there is. */
export function isOnlyLikes({ acts, started, watchedSec, spentFen, rung }: Seen): boolean {
  if (started || watchedSec > 0 || spentFen > 0 || rung !== undefined) return false
  for (const name in acts) if (name !== 'like') return false
  return true
}

const capped = (sum: number): number => Math.min(COUNT_MAX, sum)
const bitOf = (action: Action): number => 2 ** ACTIONS[action]
export const hasDoneInVisit = ({ visit }: Behaviour, action: Action): boolean =>
  Math.floor(visit.done / bitOf(action)) % 2 === 1

function withDay(
  days: readonly ActiveDay[],
  { day, watchedSec, acts }: ActiveDay,
): readonly ActiveDay[] {
  const known = days.find((one) => one.day === day)
  const sum = {
    day,
    watchedSec: (known?.watchedSec ?? 0) + watchedSec,
    acts: Math.min(ACTS_MAX, (known?.acts ?? 0) + acts),
  }
  if (known && known.watchedSec === sum.watchedSec && known.acts === sum.acts) return days
  return [...days.filter((one) => one.day !== day), sum]
    .sort((a, b) => a.day - b.day)
    .slice(-DAYS_KEPT)
}

/** Those watched most; one that is new takes the place of the least, so that a new habit can grow. */
function withPlace(
  all: readonly Preferred[],
  id: string,
  watchedSec: number,
): readonly Preferred[] {
  if (id === '' || watchedSec === 0) return all
  const known = all.find((one) => one.id === id)
  const most = [...all].sort((a, b) => b.watchedSec - a.watchedSec)
  const others = most.filter((one) => one.id !== id).slice(0, PLACES_MAX - 1)
  return [...others, { id, watchedSec: capped((known?.watchedSec ?? 0) + watchedSec) }].sort(
    (a, b) => b.watchedSec - a.watchedSec,
  )
}

function withHour(hours: readonly number[], hour: number, sec: number): readonly number[] {
  if (sec === 0) return hours
  const next = hours.map((one, i) => one + (i === hour ? sec : 0))
  const tooMuch = (next[hour] ?? 0) > HOUR_MINUTES_MAX * 60
  return tooMuch ? next.map((one) => Math.floor(one / 2)) : next
}

const sumOf = (acts: Seen['acts']): number =>
  Object.values(acts).reduce((sum, units) => sum + units, 0)

/** The record after what was seen; the same object where that says nothing new. */
export function noted(before: Behaviour, seen: Seen): Behaviour {
  const { acts, watchedSec, live } = seen
  const days = withDay(before.days, { day: seen.day, watchedSec, acts: sumOf(acts) })
  const same = before.visit.live === live || live === 0
  const visit = same ? before.visit : { live, room: seen.room, watchedSec: 0, done: 0, browsed: 0 }
  let done = visit.done
  for (const action of Object.keys(acts) as Action[])
    if (Math.floor(done / bitOf(action)) % 2 === 0) done += bitOf(action)
  const { browse = 0, comment = 0, question = 0, share = 0, order = 0 } = acts
  const counts = comment + question + share + order + browse + seen.spentFen
  const rung = seen.rung ?? before.rung
  const isNew =
    days !== before.days ||
    counts > 0 ||
    rung !== before.rung ||
    seen.day > before.lastDay ||
    visit !== before.visit ||
    (live > 0 && done !== visit.done)
  if (!isNew) return before
  return {
    ...before,
    days,
    rung,
    lastDay: Math.max(before.lastDay, seen.day),
    watchedSec: capped(before.watchedSec + watchedSec),
    lives: capped(before.lives + (visit === before.visit ? 0 : 1)),
    comments: capped(before.comments + comment + question),
    shares: capped(before.shares + share),
    browses: capped(before.browses + browse),
    orders: capped(before.orders + order),
    spentFen: before.spentFen + seen.spentFen,
    hours: withHour(before.hours, seen.hour, watchedSec),
    rooms: withPlace(before.rooms, seen.room, watchedSec),
    kinds: withPlace(before.kinds, seen.kind, watchedSec),
    visit:
      live === 0
        ? visit
        : {
            ...visit,
            watchedSec: capped(visit.watchedSec + watchedSec),
            done,
            browsed: capped(visit.browsed + browse),
          },
  }
}

/** An act weighs as much as two minutes of watching. */
const weightOf = ({ watchedSec, acts }: ActiveDay): number => watchedSec + acts * 120

/** What conditions ask for, on the day that is given. */
export function figuresOf(of: Behaviour, today: number): Figures {
  const recent = of.days.filter(({ day }) => day > today - PERIOD_DAYS)
  const earlier = of.days.filter(
    ({ day }) => day <= today - PERIOD_DAYS && day > today - 2 * PERIOD_DAYS,
  )
  const [now, then] = [recent, earlier].map((days) =>
    days.reduce((sum, day) => sum + weightOf(day), 0),
  ) as [number, number]
  return {
    daysSinceFirst: Math.max(0, today - of.firstDay),
    daysSinceLast: Math.max(0, today - of.lastDay),
    watchedMinutes: Math.floor(of.watchedSec / 60),
    lives: of.lives,
    comments: of.comments,
    shares: of.shares,
    browses: of.browses,
    orders: of.orders,
    spentYuan: Math.floor(of.spentFen / FEN_PER_YUAN),
    rung: of.rung,
    activeDays: recent.length,
    change: changeOf(now, then),
    idleMarathons: of.days.filter(
      ({ day, watchedSec, acts }) =>
        day > today - MARATHON_DAYS && watchedSec >= MARATHON_SEC && acts === 0,
    ).length,
  }
}

/** In percent, from -100 up; who did nothing before can only have risen. */
function changeOf(now: number, then: number): number {
  if (then === 0) return now > 0 ? 100 : 0
  return Math.min(1000, Math.round((100 * (now - then)) / then))
}

/** The three hours of the day in which most is watched, the first the one with most; none where nothing was watched. */
export const busiestHours = ({ hours }: Pick<Behaviour, 'hours'>): number[] =>
  hours
    .map((sec, hour) => ({ sec, hour }))
    .filter(({ sec }) => sec > 0)
    .sort((a, b) => b.sec - a.sec || a.hour - b.hour)
    .slice(0, 3)
    .map(({ hour }) => hour)

function joinedPlaces(a: readonly Preferred[], b: readonly Preferred[]): readonly Preferred[] {
  return b.reduce((all, { id, watchedSec }) => withPlace(all, id, watchedSec), a)
}

/** What another account of the same person did, added once; repeating it changes nothing. */
export function joined(into: Behaviour, from: Behaviour, account: number): Behaviour {
  if (into.joined.includes(account)) return into
  const offers = [...into.offers]
  for (const offer of from.offers) {
    const at = offers.findIndex(({ id }) => id === offer.id)
    // What one of the two was paid for is not paid again.
    if (at < 0) offers.push(offer)
    else if (offer.state === 'done') offers[at] = offer
  }
  return {
    ...into,
    firstDay: Math.min(into.firstDay, from.firstDay),
    lastDay: Math.max(into.lastDay, from.lastDay),
    watchedSec: capped(into.watchedSec + from.watchedSec),
    lives: capped(into.lives + from.lives),
    comments: capped(into.comments + from.comments),
    shares: capped(into.shares + from.shares),
    browses: capped(into.browses + from.browses),
    orders: capped(into.orders + from.orders),
    spentFen: into.spentFen + from.spentFen,
    rung: Math.max(into.rung, from.rung),
    days: from.days.reduce(withDay, into.days),
    hours: into.hours.map((sec, i) => capped(sec + (from.hours[i] ?? 0))),
    rooms: joinedPlaces(into.rooms, from.rooms),
    kinds: joinedPlaces(into.kinds, from.kinds),
    offers: offers.slice(-OFFER_STATES_MAX),
    packs: [
      ...into.packs,
      ...from.packs.filter((one) => !into.packs.some((own) => own.segment === one.segment)),
    ].slice(-PACK_STATES_MAX),
    joined: [...into.joined, account].slice(-JOINED_MAX),
  }
}
