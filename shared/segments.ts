/** What follows from how somebody behaves: segments entered and left, offers made and taken, packs. Pure. */

import {
  type Behaviour,
  figuresOf,
  hasDoneInVisit,
  noted,
  OFFER_STATES_MAX,
  type OfferState,
  PACK_STATES_MAX,
  type Seen,
} from './behaviour.ts'
import type { Label } from './rulebook/parts.ts'
import type {
  Condition,
  Figures,
  Offer,
  Segment,
  SegmentPack,
  TargetingPolicy,
} from './rulebook/targeting.ts'
import { MINUTE_MS } from './time.ts'

export const isMet = (figures: Figures, { figure, atLeast, atMost }: Condition): boolean =>
  figures[figure] >= (atLeast ?? Number.NEGATIVE_INFINITY) &&
  figures[figure] <= (atMost ?? Number.POSITIVE_INFINITY)

/** Those of which every condition is met, in the order of the rulebook. */
export const segmentsOf = (figures: Figures, segments: readonly Segment[]): Segment[] =>
  segments.filter(({ all }) => all.every((condition) => isMet(figures, condition)))

/** The largest personal multiplier that segments give; 1 without any. */
export const factorOf = (ids: readonly { id: string }[], { segments }: TargetingPolicy): number =>
  Math.max(1, ...segments.filter((one) => ids.some(({ id }) => id === one.id)).map((s) => s.factor))

/** What is to be done about an account; what it gives is noted with it, whatever rulebook comes meanwhile. */
export type Consequence =
  | { kind: 'entered'; segment: string; promised?: SegmentPack }
  | { kind: 'left'; segment: string }
  | { kind: 'pack'; segment: string; day: number; room: string; pack: SegmentPack }
  | { kind: 'freeze'; segment: string; day: number; label: Label }
  | { kind: 'offer'; offer: Offer; untilMs: number }
  | { kind: 'grant'; offer: Offer; live: number; room: string }

interface Step {
  behaviour: Behaviour
  consequences: Consequence[]
}

/** After something was seen. `behaviour` is the same object where nothing about it changed. */
export function advanced(before: Behaviour, seen: Seen, policy: TargetingPolicy): Step {
  const consequences: Consequence[] = []
  const isHere = seen.live > 0
  let behaviour = noted(before, seen)
  if (isHere) behaviour = withDelivered(behaviour, policy, consequences)
  behaviour = withTaken(behaviour, { seen, policy, consequences })
  behaviour = withSegments(behaviour, { day: seen.day, policy, consequences })
  if (isHere) behaviour = withOffer(behaviour, { seen, policy, consequences })
  return { behaviour, consequences }
}

/** On a day on which nothing was seen: what time alone changes. */
export function reviewed(before: Behaviour, day: number, policy: TargetingPolicy): Step {
  const consequences: Consequence[] = []
  return { behaviour: withSegments(before, { day, policy, consequences }), consequences }
}

/** Packs that waited for the next visit. */
function withDelivered(
  of: Behaviour,
  policy: TargetingPolicy,
  consequences: Consequence[],
): Behaviour {
  const waiting = of.packs.filter(({ given }) => !given)
  if (waiting.length === 0) return of
  for (const { segment, day } of waiting) {
    const pack = policy.segments.find(({ id }) => id === segment)?.pack
    if (pack) consequences.push({ kind: 'pack', segment, day, room: of.visit.room, pack })
  }
  return { ...of, packs: of.packs.map((one) => ({ ...one, given: true })) }
}

interface Given {
  seen: Seen
  policy: TargetingPolicy
  consequences: Consequence[]
}

/** Open offers that were taken or have run out. */
function withTaken(of: Behaviour, { seen, policy, consequences }: Given): Behaviour {
  if (!of.offers.some(({ state }) => state === 'open')) return of
  const offers = of.offers.map((one): OfferState => {
    if (one.state !== 'open') return one
    const offer = policy.offers.find(({ id }) => id === one.id)
    if (!offer || seen.atMs > one.untilMs || (seen.live > 0 && seen.live !== one.live))
      return { ...one, state: 'over' }
    if ((seen.acts[offer.ask] ?? 0) > 0) {
      const { room } = of.visit
      consequences.push({ kind: 'grant', offer, live: one.live, room })
      return { ...one, state: 'done' }
    }
    // Shown again where the page was opened anew.
    if (seen.started) consequences.push({ kind: 'offer', offer, untilMs: one.untilMs })
    return one
  })
  const isSame = offers.every((one, i) => one === of.offers[i])
  return isSame ? of : { ...of, offers }
}

function isDue(of: Behaviour, offer: Offer): boolean {
  const last = of.offers.find(({ id }) => id === offer.id)
  if (last && (last.live === of.visit.live || (last.state === 'done' && offer.often === 'ever')))
    return false
  if (offer.segment !== undefined && !of.segments.some(({ id }) => id === offer.segment))
    return false
  return (
    of.visit.watchedSec >= offer.watchedMinutes * 60 &&
    of.visit.browsed >= offer.browsed &&
    !hasDoneInVisit(of, offer.ask)
  )
}

/** One at a time: the first of the rulebook that is due. */
function withOffer(of: Behaviour, { seen, policy, consequences }: Given): Behaviour {
  if (of.offers.some(({ state }) => state === 'open')) return of
  const offer = policy.offers.find((one) => isDue(of, one))
  if (!offer) return of
  const { live } = of.visit
  const untilMs = seen.atMs + offer.minutes * MINUTE_MS
  consequences.push({ kind: 'offer', offer, untilMs })
  const made: OfferState = { id: offer.id, state: 'open', live, untilMs }
  const others = of.offers.filter(({ id }) => id !== offer.id)
  return { ...of, offers: [...others, made].slice(-OFFER_STATES_MAX) }
}

function withSegments(
  of: Behaviour,
  { day, policy, consequences }: { day: number } & Omit<Given, 'seen'>,
): Behaviour {
  const now = segmentsOf(figuresOf(of, day), policy.segments)
  const entered = now.filter((one) => !of.segments.some(({ id }) => id === one.id))
  const left = of.segments.filter(({ id }) => !now.some((one) => one.id === id))
  if (entered.length === 0 && left.length === 0) return of
  for (const { id } of left) consequences.push({ kind: 'left', segment: id })
  const packs = [...of.packs]
  for (const { id: segment, label, pack, freeze } of entered) {
    const last = packs.findIndex((one) => one.segment === segment)
    const isSoon = last >= 0 && day - (packs[last]?.day ?? 0) < (pack?.againDays ?? 0)
    const promised = isSoon ? undefined : pack
    consequences.push({ kind: 'entered', segment, ...(promised && { promised }) })
    if (freeze) consequences.push({ kind: 'freeze', segment, day, label })
    if (!promised) continue
    if (last >= 0) packs.splice(last, 1)
    const given = promised.given === 'atOnce'
    packs.push({ segment, day, given })
    const { room } = of.visit
    if (given) consequences.push({ kind: 'pack', segment, day, room, pack: promised })
  }
  const segments = now.map(
    ({ id }) => of.segments.find((one) => one.id === id) ?? { id, sinceDay: day },
  )
  return { ...of, segments, packs: packs.slice(-PACK_STATES_MAX) }
}
