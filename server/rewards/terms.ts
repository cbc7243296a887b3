/** What a reward asks of a viewer at a time: window, tier, lives, limits, price. Pure; the slot decides in the end. */

import type { LimitPeriod, RewardLock } from '../../shared/rewards.ts'
import { payable } from '../../shared/rewards.ts'
import { countedRung, rungWith } from '../../shared/rulebook/privileges.ts'
import type { Ladder } from '../../shared/rulebook/schema.ts'
import { MINUTE_MS } from '../../shared/time.ts'
import type { Charge } from './member.ts'
import type { Burning } from './price.ts'
import type { StoredReward } from './schema.ts'
import type { RewardState } from './stock.ts'
import type { Counted, Terms } from './take.ts'

/** The viewer, as far as rewards care. */
export interface Standing {
  rung: number
  /** Rungs by which a day pass lifts it. */
  boost?: number | undefined
  growth: number
  spendable: number
  session: number
}

/** The same of a viewer, under whichever number. */
export interface Taken extends Counted {
  /** Of these, what accounts took that have become one with this. */
  former: Counted
  dayEndsAtMs: number
  weekEndsAtMs: number
}

export interface Situation {
  reward: StoredReward
  /** The same at the points that this viewer's ratio of redemption makes of it. */
  listed: StoredReward
  state: RewardState
  price: Charge
  /** The burn week that runs or comes next. */
  burning: Burning | undefined
  /** Where the viewer looks. */
  room: string
  ladder: Ladder
  standing: Standing
  taken: Taken
  /** Lives the viewer has watched. */
  lives: number
  atMs: number
}

const NEVER_MS = 1e14

const earlyRung = ({ doc }: StoredReward, ladder: Ladder): number =>
  doc.early?.rung ?? rungWith(ladder, 'early_access') ?? ladder.rungs.length - 1

/** How much earlier than others a viewer may come. */
function earlyMsOf(reward: StoredReward, standing: Standing, ladder: Ladder): number {
  const { early } = reward.doc
  const counts = countedRung(ladder, 'early_access', standing) >= earlyRung(reward, ladder)
  return early && counts ? early.minutes * MINUTE_MS : 0
}

interface Window {
  opensAtMs: number
  closesAtMs: number
}

const ALWAYS: Window = { opensAtMs: 0, closesAtMs: NEVER_MS }
const UNKNOWN: Window = { opensAtMs: NEVER_MS, closesAtMs: NEVER_MS }

/** What the document and the burn week say; a rulebook without one keeps closed what is for it only. */
function plannedWindow({ doc }: Pick<StoredReward, 'doc'>, burning: Burning | undefined): Window {
  const { opensAtMs = 0, closesAtMs = NEVER_MS } = doc.window ?? {}
  const week = doc.burnWeek?.only ? (burning ?? UNKNOWN) : ALWAYS
  return {
    opensAtMs: Math.max(opensAtMs, week.opensAtMs),
    closesAtMs: Math.min(closesAtMs, week.closesAtMs),
  }
}

/** When it opens for everybody and when it closes. */
export function windowOf(
  reward: Pick<StoredReward, 'doc'>,
  { flash }: Pick<RewardState, 'flash'>,
  burning: Burning | undefined,
): Window {
  const { opensAtMs, closesAtMs } = plannedWindow(reward, burning)
  if (!reward.doc.flash) return { opensAtMs, closesAtMs }
  return {
    opensAtMs: Math.max(opensAtMs, flash?.opensAtMs ?? NEVER_MS),
    closesAtMs: Math.min(closesAtMs, flash?.closesAtMs ?? NEVER_MS),
  }
}

/** What the slot decides a take by. */
export function termsOf(
  {
    reward,
    price,
    burning,
    standing,
    ladder,
    room,
  }: Pick<Situation, 'reward' | 'price' | 'burning' | 'standing' | 'ladder' | 'room'>,
  point: string,
): Terms {
  const { doc, version } = reward
  const { opensAtMs, closesAtMs } = plannedWindow(reward, burning)
  return {
    version,
    points: price.points,
    cashFen: price.cashFen,
    cashMs: doc.cashWithinMin * MINUTE_MS,
    priceFromMs: price.fromMs,
    priceUntilMs: price.untilMs,
    opensAtMs,
    closesAtMs,
    flash: doc.flash !== undefined,
    earlyMs: earlyMsOf(reward, standing, ladder),
    limits: doc.limits,
    point,
    room,
  }
}

interface LimitStanding {
  taken: number
  max: number
  per: LimitPeriod
  resetsAtMs?: number
}

/** The limit that leaves least, or undefined where there is none. */
export function tightestLimit({ doc }: StoredReward, taken: Taken): LimitStanding | undefined {
  const { ever, perDay, perWeek } = doc.limits
  const all: LimitStanding[] = []
  if (ever !== undefined) all.push({ taken: taken.ever, max: ever, per: 'ever' })
  if (perWeek !== undefined)
    all.push({
      taken: taken.inWeek,
      max: perWeek,
      per: 'week',
      resetsAtMs: taken.weekEndsAtMs,
    })
  if (perDay !== undefined)
    all.push({ taken: taken.onDay, max: perDay, per: 'day', resetsAtMs: taken.dayEndsAtMs })
  return all.sort((a, b) => a.max - a.taken - (b.max - b.taken))[0]
}

/** Why the viewer cannot take it now; undefined where one tap does. */
export function lockOf(situation: Situation): RewardLock | undefined {
  return (
    timeLock(situation) ?? meritLock(situation) ?? countLock(situation) ?? pointsLock(situation)
  )
}

function timeLock(situation: Situation): RewardLock | undefined {
  const { reward, state, burning, standing, ladder, atMs } = situation
  const { opensAtMs, closesAtMs } = windowOf(reward, state, burning)
  const gone = (reward.doc.window?.closesAtMs ?? NEVER_MS) <= opensAtMs && !reward.doc.flash
  if (!state.open || gone) return { kind: 'over' }
  // A flash reward outside its window waits for the next one.
  if (atMs >= closesAtMs) return reward.doc.flash ? { kind: 'not_yet' } : { kind: 'over' }
  if (atMs >= opensAtMs) return undefined
  if (atMs >= opensAtMs - earlyMsOf(reward, standing, ladder)) return undefined
  const rung = earlyRung(reward, ladder)
  const early = reward.doc.early && atMs >= opensAtMs - reward.doc.early.minutes * MINUTE_MS
  const label = ladder.rungs[rung]?.label
  if (early && label) return { kind: 'early', rung, label, opensAtMs }
  return { kind: 'not_yet', ...(opensAtMs < NEVER_MS && { opensAtMs }) }
}

function meritLock({ reward, standing, ladder, lives }: Situation): RewardLock | undefined {
  const { tier, lives: asked } = reward.doc
  if (tier !== undefined && countedRung(ladder, 'member_sale', standing) < tier) {
    const label = ladder.rungs[tier]?.label ?? { zh: `${tier} 级`, en: `Tier ${tier}` }
    return { kind: 'tier', rung: tier, label }
  }
  if (asked !== undefined && lives < asked) return { kind: 'task', lives: asked, watched: lives }
  return undefined
}

function countLock({ reward, state, taken }: Situation): RewardLock | undefined {
  const limit = tightestLimit(reward, taken)
  if (limit && limit.taken >= limit.max) {
    const { per, resetsAtMs } = limit
    return { kind: 'limit', per, ...(resetsAtMs !== undefined && { resetsAtMs }) }
  }
  if (state.left !== undefined && state.left <= 0) {
    const { restocksAtMs } = state
    return { kind: 'sold_out', ...(restocksAtMs !== undefined && { restocksAtMs }) }
  }
  return undefined
}

function pointsLock({ reward, price, standing }: Situation): RewardLock | undefined {
  const missing = price.points - payable(reward.doc.pay, standing)
  return missing > 0 ? { kind: 'points', missing } : undefined
}
